import type { AdapterDescription } from "../../src/engine/device/adapter.js";
import type { ContestRow } from "../comparison/comparison.js";
import { WORKS } from "../comparison/workloads.js";
import type { KernelTimes } from "../harness/kernels.js";
import type { Roofline } from "../harness/roofline.js";
import { kernelFigures } from "./figures.js";
import {
  type BenchResult,
  type GrowthRows,
  type JobRow,
  OURS,
  type ProfileRows,
  type WorkRows,
} from "./result.js";

/** A tick of the GPU's clock that is worth a warning, in nanoseconds. */
const COARSE = 10_000;

/** A Markdown table; columns after the first are numbers. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(" | ")} |`;
  const rule = head.map((_, i) => (i === 0 ? "---" : "---:"));
  return [head, rule, ...rows].map(line).join("\n");
}

/** Three digits that matter, and no more. */
export function number(value: number): string {
  if (!Number.isFinite(value)) return "–";
  const digits = Math.abs(value) >= 100 ? 0 : Math.abs(value) >= 10 ? 1 : Math.abs(value) >= 1 ? 2 : 3;
  return value.toFixed(digits);
}

/** A browser may name no more than the vendor; of a software driver the kind says all. */
export function adapterText({ kind, name }: AdapterDescription): string {
  return kind === "gpu" ? name : kind;
}

/** The whole result as Markdown. */
export function markdown(result: BenchResult): string {
  const { roofline, profiles = [], jobs, works, growths = [] } = result;
  const parts = [heading(result)];
  if (roofline) {
    parts.push(rooflineText(roofline), ...profiles.map((profile) => kernelTable(profile, roofline)));
  }
  if (jobs) parts.push(jobTable(jobs));
  if (works) parts.push(...works.map(workTable));
  parts.push(...growths.map(growthTable));
  return `${parts.join("\n\n")}\n`;
}

function heading({ host, adapter, versions, machine, date, plan }: BenchResult): string {
  const software = Object.entries(versions).map(([name, version]) => `${name} ${version}`);
  return [
    `# Bench in ${host} on ${adapterText(adapter)}`,
    "",
    `${date}. Driver: ${adapter.driver || "the browser's own"}. ${software.join(", ")}.`,
    `${machine.processor}, ${machine.cores} cores, ${machine.memoryGiB} GiB, ${machine.system}, load ${machine.load.toFixed(1)}.`,
    `Up to ${plan.samples} samples in turns, at least ${plan.atLeast}, fewer than all where they took over ${plan.budget} s.`,
  ].join("\n");
}

function rooflineText({ gflops, gigabytesPerSecond, how }: Roofline): string {
  return `Roofline: ${number(gflops)} GFLOP/s, ${number(gigabytesPerSecond)} GB/s (${how}).`;
}

function kernelTable({ title, profile }: ProfileRows, roofline: Roofline): string {
  if ("cannot" in profile) return `Kernels of ${title}: cannot: ${profile.cannot}`;
  const { kernels, tick } = profile;
  const clock =
    tick < COARSE ? "" : `\n\nThe GPU's clock ticks every ${tick / 1000} µs here: short times mean little.`;
  const head = [`kernel, in ${title}`, "dispatches", "ms", "p90", "GFLOP/s", "GB/s", "of the roofline"];
  const row = (kernel: KernelTimes): string[] => {
    const { gflops, gigabytesPerSecond, share } = kernelFigures(kernel, roofline);
    return [
      kernel.name,
      String(kernel.dispatches),
      number(kernel.time.median),
      number(kernel.time.p90),
      kernel.multiplyAdds > 0 ? number(gflops) : "",
      number(gigabytesPerSecond),
      percent(share),
    ];
  };
  const sum = (pick: (kernel: KernelTimes) => number): number =>
    kernels.reduce((total, kernel) => total + pick(kernel), 0);
  const time = sum((kernel) => kernel.time.median);
  const allowed = sum((kernel) => kernel.time.median * kernelFigures(kernel, roofline).share);
  const all = [
    "all",
    String(sum((kernel) => kernel.dispatches)),
    number(time),
    "",
    number((2 * sum((kernel) => kernel.multiplyAdds)) / time / 1e6),
    "",
    percent(allowed / time),
  ];
  return `${table(head, [...kernels.map(row), all])}${clock}`;
}

function percent(share: number): string {
  return Number.isFinite(share) ? `${(100 * share).toFixed(0)} %` : "–";
}

function jobTable(jobs: readonly JobRow[]): string {
  return table(
    ["job", "median", "p90", "samples"],
    jobs.map(({ name, unit, time }) => [
      name,
      `${number(time.median)} ${unit}`,
      number(time.p90),
      String(time.samples),
    ]),
  );
}

function growthTable({ over, measures, points }: GrowthRows): string {
  const head = [over, ...measures.flatMap(({ name, unit }) => [`${name}, ${unit}`, "p90"]), "samples"];
  const row = ({ at, times }: GrowthRows["points"][number]): string[] => [
    String(at),
    ...times.flatMap(({ median, p90 }) => [number(median), number(p90)]),
    String(times[0]?.samples ?? 0),
  ];
  return table(head, points.map(row));
}

function workTable({ work, rows }: WorkRows): string {
  const ours = rows.find(({ name }) => name === OURS);
  const base = ours && "time" in ours ? ours.time.median : Number.NaN;
  const cells = (row: ContestRow): string[] => {
    const name = `${row.name} ${row.version}`.trim();
    if ("cannot" in row) return [name, `cannot: ${row.cannot}`, "", "", ""];
    if ("wrong" in row) return [name, `no time, for the result is wrong: ${row.wrong}`, "", "", ""];
    const { median, p90, samples } = row.time;
    return [
      name,
      number(median),
      number(p90),
      `${samples} × ${row.runs}`,
      Number.isNaN(base) ? "" : number(median / base),
    ];
  };
  return table([WORKS[work], "ms", "p90", "samples", `÷ ${OURS}`], rows.map(cells));
}
