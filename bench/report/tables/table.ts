import { markdownTable } from "../../../src/cli/shared/terminal/markdown-table.js";
import type { AdapterDescription } from "../../../src/engine/device/adapter.js";
import type { ComparisonRow } from "../../comparison/comparison.js";
import { WORKLOADS } from "../../comparison/workloads.js";
import type { ProbeRow } from "../../harness/probes/probe.js";
import type { Roofline } from "../../harness/roofline/roofline.js";
import {
  type BenchResult,
  type JobRow,
  type KernelTimes,
  OURS,
  type ProfileRows,
  type ScalingRows,
  type WorkloadRows,
} from "../result/result.js";
import { kernelFigures, kernelSpeed } from "./figures.js";

/** A tick of the GPU's clock from which on the report warns, in nanoseconds. */
const COARSE = 10_000;

/** In place of a driver's name, which browsers do not tell. */
export const BROWSERS_OWN = "the browser's own";

/** What is to be known about times that are not the GPU's own. */
export const WITHOUT_TIMESTAMPS =
  "There are no GPU timestamps: each dispatch was submitted and waited for, which its time includes.";

/** A Markdown table. All columns after the first are right-aligned. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const columns = head.map((title, i) => ({
    head: title,
    cell: (row: readonly string[]) => row[i] ?? "",
    words: i === 0,
  }));
  return markdownTable(columns, rows);
}

/** Formats a number with three significant digits. */
export function number(value: number): string {
  if (!Number.isFinite(value)) return "–";
  const digits = Math.abs(value) >= 100 ? 0 : Math.abs(value) >= 10 ? 1 : Math.abs(value) >= 1 ? 2 : 3;
  return value.toFixed(digits);
}

/** The name of a GPU, or the kind of a software driver. */
export function adapterText({ kind, name }: AdapterDescription): string {
  return kind === "gpu" ? name : kind;
}

/** The whole result as Markdown. */
export function markdown(result: BenchResult): string {
  const { roofline, profiles = [], jobs, workloads, scaling = [] } = result;
  const parts = [heading(result)];
  if (roofline) parts.push(rooflineText(roofline, result.rooflineDrift));
  parts.push(...profiles.map((profile) => kernelTable(profile, roofline)));
  parts.push(...(result.probes ?? []).map(({ title, rows }) => probeTable(title, rows)));
  if (jobs) parts.push(jobTable(jobs));
  if (workloads) parts.push(...workloads.map(workloadTable));
  parts.push(...scaling.map(scalingTable));
  return `${parts.join("\n\n")}\n`;
}

function heading({ host, adapter, commit, versions, machine, date, plan }: BenchResult): string {
  const software = Object.entries(versions).map(([name, version]) => `${name} ${version}`);
  return [
    `# Bench in ${host} on ${adapterText(adapter)}`,
    "",
    `${date}, commit ${commit}. Driver: ${adapter.driver || BROWSERS_OWN}, bounds checks ${adapter.boundsChecks ? "on" : "off"}. ${software.join(", ")}.`,
    `${machine.processor}, ${machine.cores} cores, ${machine.memoryGiB} GiB, ${machine.system}, load ${machine.load?.toFixed(1) ?? "unknown"}.`,
    `Up to ${plan.samples} samples in turns, until the median is known to ${100 * plan.error} %, or ${plan.budget} s are over.`,
  ].join("\n");
}

/** The rates of a roofline. */
export function rooflineText(
  { arithmetic, cache, memory, skipped }: Roofline,
  drift: BenchResult["rooflineDrift"],
): string {
  const after = drift
    ? ` Afterward: ${percent(drift.arithmetic)}, ${percent(drift.cache)} and ${percent(drift.memory)} of the first measurement.`
    : "";
  return [
    `Roofline: ${number(arithmetic.rate)} GFLOP/s (${arithmetic.how});`,
    `${number(cache.rate)} GB/s in caches (${cache.how});`,
    `${number(memory.rate)} GB/s in memory (${memory.how}).${after}`,
    ...(skipped.length > 0 ? [`Variants skipped: ${skipped.length}. The first: ${skipped[0]}`] : []),
  ].join("\n");
}

function kernelTable({ title, profile }: ProfileRows, roofline: Roofline | undefined): string {
  if ("cannot" in profile) return `Kernels of ${title}: not measured: ${profile.cannot}`;
  const { kernels, tick, clock } = profile;
  const warning = tick < COARSE || clock === "wall clock" ? "" : ", so short times are inaccurate";
  const timing =
    clock === "wall clock"
      ? WITHOUT_TIMESTAMPS
      : `The GPU's clock ticks every ${number(tick / 1000)} µs${warning}.`;
  const head = [`kernel, in ${title}`, "dispatches", "ms", "p90", "GFLOP/s", "GB/s", "of the roofline"];
  const shareOf = (kernel: KernelTimes): number | undefined =>
    roofline && kernelFigures(kernel, kernel.time.median, roofline)?.share;
  const row = (kernel: KernelTimes): string[] => {
    const figures = kernelSpeed(kernel, kernel.time.median);
    const share = shareOf(kernel);
    return [
      kernel.name,
      String(kernel.dispatches),
      figures ? number(kernel.time.median) : "under a tick",
      number(kernel.time.p90),
      figures && kernel.multiplyAdds > 0 ? number(figures.gflops) : "",
      figures ? number(figures.gigabytesPerSecond) : "",
      share === undefined ? "" : percent(share),
    ];
  };
  const sum = (pick: (kernel: KernelTimes) => number): number =>
    kernels.reduce((total, kernel) => total + pick(kernel), 0);
  const time = sum((kernel) => kernel.time.median);
  const allowed = sum((kernel) => kernel.time.median * (shareOf(kernel) ?? 0));
  const all = [
    "all",
    String(sum((kernel) => kernel.dispatches)),
    number(time),
    "",
    number((2 * sum((kernel) => kernel.multiplyAdds)) / time / 1e6),
    "",
    roofline ? percent(allowed / time) : "",
  ];
  return `${table(head, [...kernels.map(row), all])}\n\n${timing}`;
}

/** Formats a fraction. */
export function percent(share: number): string {
  return Number.isFinite(share) ? `${(100 * share).toFixed(0)} %` : "–";
}

function probeTable(title: string, rows: readonly ProbeRow[]): string {
  return table(
    [title, ""],
    rows.map((row) => [
      row.name,
      "value" in row ? `${number(row.value)} ${row.unit}` : `not possible: ${row.cannot}`,
    ]),
  );
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

function scalingTable({ over, measures, points }: ScalingRows): string {
  const head = [over, ...measures.flatMap(({ name, unit }) => [`${name}, ${unit}`, "p90"]), "samples"];
  const row = ({ at, times }: ScalingRows["points"][number]): string[] => [
    String(at),
    ...times.flatMap(({ median, p90 }) => [number(median), number(p90)]),
    String(times[0]?.samples ?? 0),
  ];
  return table(head, points.map(row));
}

function workloadTable({ workload, rows }: WorkloadRows): string {
  const ours = rows.find(({ name }) => name === OURS);
  const base = ours && "time" in ours ? ours.time.median : Number.NaN;
  const cells = (row: ComparisonRow): string[] => {
    const name = `${row.name} ${row.version}`.trim();
    if ("cannot" in row) return [name, `not possible: ${row.cannot}`, "", "", ""];
    if ("wrong" in row) return [name, `not timed, its result is wrong: ${row.wrong}`, "", "", ""];
    const { median, p90, samples } = row.time;
    return [
      name,
      number(median),
      number(p90),
      `${samples} × ${row.runs}`,
      Number.isNaN(base) ? "" : number(median / base),
    ];
  };
  return table([WORKLOADS[workload], "ms", "p90", "samples", `÷ ${OURS}`], rows.map(cells));
}
