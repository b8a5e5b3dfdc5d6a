import { WORKS } from "../comparison/workloads.js";
import { BenchError } from "./errors.js";
import { type BenchResult, FORMAT, OURS } from "./result.js";
import type { Summary } from "./statistics.js";
import { adapterText, number, table } from "./table.js";

/** One of our times, then and now. */
export interface ComparedTime {
  readonly name: string;
  readonly before: number;
  readonly now: number;
  readonly ratio: number;
  /** Whether the difference is beyond the spread of both. */
  readonly verdict: "slower" | "faster" | "same";
}

/** Differences below this part are never called one. */
const MINIMUM = 0.03;

/** Compares this package's own times in two results; what only one of them has is left out. */
export function compare(old: BenchResult, now: BenchResult): ComparedTime[] {
  const before = ownTimes(old);
  return [...ownTimes(now)].flatMap(([name, time]) => {
    const its = before.get(name);
    return its ? [comparedTime(name, its, time)] : [];
  });
}

/** Slower is: most samples now are slower than the median then, and the median now than most samples then. */
function comparedTime(name: string, old: Summary, now: Summary): ComparedTime {
  const ratio = now.median / old.median;
  const beyond = (low: Summary, high: Summary): boolean =>
    high.median > low.p90 && high.p10 > low.median && high.median > (1 + MINIMUM) * low.median;
  const verdict = beyond(old, now) ? "slower" : beyond(now, old) ? "faster" : "same";
  return { name, before: old.median, now: now.median, ratio, verdict };
}

function ownTimes({ profiles = [], jobs = [], works = [] }: BenchResult): Map<string, Summary> {
  const times = new Map<string, Summary>();
  for (const { title, profile } of profiles) {
    const kernels = "kernels" in profile ? profile.kernels : [];
    for (const { name, time } of kernels) times.set(`kernel ${name} in ${title}`, time);
  }
  for (const { name, time } of jobs) times.set(name, time);
  for (const { work, rows } of works) {
    const row = rows.find(({ name }) => name === OURS);
    if (row && "time" in row) times.set(WORKS[work], row.time);
  }
  return times;
}

export function comparisonTable(rows: readonly ComparedTime[]): string {
  return table(
    ["compared", "ms then", "ms now", "now ÷ then", ""],
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
 * Reads an earlier result.
 * @param file its name, for the messages.
 * @throws {BenchError} if the text is not one.
 */
export function parseResult(text: string, file: string): BenchResult {
  let parsed: BenchResult;
  try {
    parsed = JSON.parse(text);
  } catch {
    throw new BenchError(`${file} is not JSON; give a file that the bench wrote.`);
  }
  if (parsed?.format !== FORMAT || !parsed.adapter) {
    throw new BenchError(`${file} is not a result of this bench, or of another version of it.`);
  }
  return parsed;
}

/** @throws {BenchError} if times of the two have nothing to do with each other. */
export function requireSameAdapter(
  old: BenchResult,
  now: Pick<BenchResult, "host" | "adapter">,
  file: string,
): void {
  const place = ({ host, adapter }: Pick<BenchResult, "host" | "adapter">): string =>
    `${adapterText(adapter)} in ${host}`;
  if (place(old) !== place(now)) {
    throw new BenchError(
      `${file} is of ${place(old)}, and this run is on ${place(now)}: compare like with like.`,
    );
  }
}
