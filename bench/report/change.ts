import { WORKLOADS } from "../comparison/workloads.js";
import { BenchError } from "./errors.js";
import { type BenchResult, FORMAT, OURS } from "./result.js";
import type { Summary } from "./statistics.js";
import { adapterText, number, table } from "./table.js";

/** One of this package's times, before and now. */
export interface TimeChange {
  readonly name: string;
  readonly before: number;
  readonly now: number;
  readonly ratio: number;
  /** Whether the difference is beyond the spread of both. */
  readonly verdict: "slower" | "faster" | "same";
}

/** Relative differences below this are never reported. */
const MIN_CHANGE = 0.03;

/** Compares this package's own times in two results. Times that only one of them has are left out. */
export function changes(old: BenchResult, now: BenchResult): TimeChange[] {
  const before = ownTimes(old);
  return [...ownTimes(now)].flatMap(([name, time]) => {
    const its = before.get(name);
    return its ? [timeChange(name, its, time)] : [];
  });
}

/** "Slower" means that the median now is above the 90 % quantile before, and the 10 % quantile now above the median before. */
function timeChange(name: string, old: Summary, now: Summary): TimeChange {
  const ratio = now.median / old.median;
  const beyond = (low: Summary, high: Summary): boolean =>
    high.median > low.p90 && high.p10 > low.median && high.median > (1 + MIN_CHANGE) * low.median;
  const verdict = beyond(old, now) ? "slower" : beyond(now, old) ? "faster" : "same";
  return { name, before: old.median, now: now.median, ratio, verdict };
}

function ownTimes({ profiles = [], jobs = [], workloads = [] }: BenchResult): Map<string, Summary> {
  const times = new Map<string, Summary>();
  for (const { title, profile } of profiles) {
    const kernels = "kernels" in profile ? profile.kernels : [];
    for (const { name, time } of kernels) times.set(`kernel ${name} in ${title}`, time);
  }
  for (const { name, time } of jobs) times.set(name, time);
  for (const { workload, rows } of workloads) {
    const row = rows.find(({ name }) => name === OURS);
    if (row && "time" in row) times.set(WORKLOADS[workload], row.time);
  }
  return times;
}

export function changeTable(rows: readonly TimeChange[]): string {
  return table(
    ["change", "ms before", "ms now", "now ÷ before", ""],
    rows.map(({ name, before, now, ratio, verdict }) => [
      name,
      number(before),
      number(now),
      ratio.toFixed(2),
      verdict === "slower" ? "**slower**" : verdict === "faster" ? "faster" : "",
    ]),
  );
}

/**
 * Parses an earlier result.
 * @param file the name of its file, for error messages.
 * @throws {BenchError} if the text is not a result of this version of the bench.
 */
export function parseResult(text: string, file: string): BenchResult {
  let parsed: BenchResult;
  try {
    parsed = JSON.parse(text);
  } catch {
    throw new BenchError(`${file} is not JSON: give a JSON file that the bench wrote.`);
  }
  if (parsed?.format !== FORMAT || !parsed.adapter) {
    throw new BenchError(
      `${file} is not a result of this version of the bench: give a JSON file that it wrote.`,
    );
  }
  return parsed;
}

/** @throws {BenchError} if the two were measured on different adapters or hosts. */
export function requireSameAdapter(
  old: BenchResult,
  now: Pick<BenchResult, "host" | "adapter">,
  file: string,
): void {
  const place = ({ host, adapter }: Pick<BenchResult, "host" | "adapter">): string =>
    `${adapterText(adapter)} in ${host}`;
  if (place(old) !== place(now)) {
    throw new BenchError(
      `${file} was measured on ${place(old)} and this run is on ${place(now)}: give a result from the same host and adapter.`,
    );
  }
}
