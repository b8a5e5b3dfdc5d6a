import { WORKLOADS } from "../comparison/workloads.js";
import { type RatioInterval, ratioInterval } from "./ratio-interval.js";
import { type BenchResult, OURS } from "./result.js";
import { median, type Summary } from "./statistics.js";
import { number, table } from "./table.js";

/** One of this package's times, before and now. */
export interface TimeChange extends RatioInterval {
  readonly name: string;
  readonly before: number;
  readonly now: number;
  /** "unsure": there are too few samples for an interval. */
  readonly verdict: "slower" | "faster" | "same" | "unsure";
}

/** Relative differences below this are never reported: between two processes, more differs than the code. */
const MIN_CHANGE = 0.05;
/** Chance of a wrong verdict in a whole table of times that did not change. */
const WRONG = 0.02;
/** Samples without which there is no verdict. */
const MIN_SAMPLES = 6;

/**
 * Compares this package's own times in two results. Times that only one of them has are left out.
 * @param paired whether both were measured in one run, by turns.
 */
export function changes(old: BenchResult, now: BenchResult, paired = false): TimeChange[] {
  const before = ownTimes(old);
  const both = [...ownTimes(now)].flatMap(([name, time]) => {
    const its = before.get(name);
    return its && its.median > 0 && time.median > 0 ? [{ name, old: its, now: time }] : [];
  });
  const load = loadChange(old, now);
  return both.map((times) => timeChange(times, 1 - WRONG / both.length, load, paired));
}

/** How much longer the control kernel took, which is the same code in both: how much slower the machine was. */
export function loadChange(
  { control: before = [] }: BenchResult,
  { control: now = [] }: BenchResult,
): number {
  return before.length > 0 && now.length > 0 ? median(now) / median(before) : 1;
}

/**
 * "Slower" means that the whole interval of the ratio is above the smallest change, both as it is and divided by that of the
 * control kernel: how much a load slows a job is not known, but it lies between not at all and as much as the control.
 */
function timeChange(
  { name, old, now }: { name: string; old: Summary; now: Summary },
  confidence: number,
  load: number,
  paired: boolean,
): TimeChange {
  const { ratio, low, high } = ratioInterval(old.values, now.values, confidence, paired);
  const [lowest, highest] = [Math.min(low, low / load), Math.max(high, high / load)];
  const few = Math.min(old.samples, now.samples) < MIN_SAMPLES;
  const verdict = few
    ? "unsure"
    : lowest > 1 + MIN_CHANGE
      ? "slower"
      : highest < 1 / (1 + MIN_CHANGE)
        ? "faster"
        : "same";
  return { name, before: old.median, now: now.median, ratio, low: lowest, high: highest, verdict };
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

export function changeTable(rows: readonly TimeChange[], load: number): string {
  const text = table(
    ["change", "ms before", "ms now", "now ÷ before", "interval", ""],
    rows.map(({ name, before, now, ratio, low, high, verdict }) => [
      name,
      number(before),
      number(now),
      ratio.toFixed(2),
      `${low.toFixed(2)} to ${high.toFixed(2)}`,
      verdict === "slower" ? "**slower**" : verdict === "same" ? "" : verdict,
    ]),
  );
  return `${text}\n\nThe control kernel, the same code in both, took ${load.toFixed(2)} times as long; the intervals allow for that.`;
}
