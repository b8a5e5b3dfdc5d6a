import { WORKLOADS } from "../../comparison/workloads.js";
import { type BenchResult, OURS } from "../result/result.js";
import { adapterText, BROWSERS_OWN, number, percent, table } from "./table.js";

/** Figures of one result as text, by their names. */
type Figures = ReadonlyMap<string, string>;

/** One table of several results: a column for each device, a row for each figure that any of them has. */
export function mergedTable(results: readonly BenchResult[]): string {
  const all = results.map(figuresOf);
  const names = [...new Set(all.flatMap((figures) => [...figures.keys()]))];
  return table(
    ["", ...results.map(title)],
    names.map((name) => [name, ...all.map((figures) => figures.get(name) ?? "")]),
  );
}

function title({ adapter, host, date }: BenchResult): string {
  return `${adapterText(adapter)}, ${host}, ${date.slice(0, 10)}`;
}

/** What a result says about its device, and its medians. */
export function figuresOf(result: BenchResult): Figures {
  const {
    adapter,
    machine,
    commit,
    roofline,
    probes = [],
    profiles = [],
    jobs = [],
    workloads = [],
  } = result;
  const figures = new Map([
    ["driver", adapter.driver || BROWSERS_OWN],
    ["machine", `${machine.processor}, ${machine.cores} cores`],
    ...(machine.load === undefined ? [] : [["load before", machine.load.toFixed(1)] as const]),
    ["commit", commit],
    ["bounds checks", adapter.boundsChecks ? "on" : "off"],
    ["subgroups of", adapter.subgroupSizes.join(" to ")],
  ]);
  if (roofline) {
    figures.set("multiply-adds, GFLOP/s", number(roofline.arithmetic.rate));
    figures.set("copies in caches, GB/s", number(roofline.cache.rate));
    figures.set("copies in memory, GB/s", number(roofline.memory.rate));
    const { rooflineDrift: drift } = result;
    if (drift) {
      const parts = [drift.arithmetic, drift.cache, drift.memory].map(percent);
      figures.set("the three once more, at the end", parts.join(", "));
    }
  }
  for (const row of probes.flatMap(({ rows }) => rows)) {
    figures.set(`${row.name}, ${row.unit}`, "value" in row ? number(row.value) : "not possible");
  }
  for (const { title, profile } of profiles) {
    if (!("kernels" in profile)) continue;
    const time = profile.kernels.reduce((sum, kernel) => sum + kernel.time.median, 0);
    figures.set(`kernels of ${title}, ms`, number(time));
  }
  for (const { name, unit, time } of jobs) figures.set(`${name}, ${unit}`, number(time.median));
  for (const { workload, rows } of workloads) {
    const row = rows.find(({ name }) => name === OURS);
    if (row && "time" in row) figures.set(`${WORKLOADS[workload]}, ms`, number(row.time.median));
  }
  return figures;
}
