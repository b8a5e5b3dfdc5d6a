import { WORKLOADS } from "../../comparison/workloads.js";
import { type BenchResult, OURS } from "../result/result.js";
import { rankTest, signTest } from "../statistics/rank-tests.js";
import { type RatioInterval, ratioInterval } from "../statistics/ratio-interval.js";
import { median, type Summary } from "../statistics/statistics.js";
import { number, table } from "./table.js";

/** One of this package's times, before and now. */
export interface TimeChange extends RatioInterval {
  readonly name: string;
  readonly before: number;
  readonly now: number;
  /** "unsure": there are too few samples for an interval. */
  readonly verdict: "slower" | "faster" | "same" | "unsure";
}

/** Relative differences that count. Between two processes, more differs than the code. */
const MIN_CHANGE = { byTurns: 0.05, apart: 0.1 };
/** Chance of a wrong verdict in a whole table of times that did not change. */
const WRONG = 0.02;
/** Samples of which more would only take longer to compare. */
const MAX_SAMPLES = 50;

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
  return both.map((times) => timeChange(times, WRONG / both.length, load, paired));
}

/** How much longer the control kernel took, which is the same code in both: how much slower the machine was. */
export function loadChange(
  { control: before = [] }: BenchResult,
  { control: now = [] }: BenchResult,
): number {
  return before.length > 0 && now.length > 0 ? median(now) / median(before) : 1;
}

/**
 * "Slower" means two things. The whole interval of the ratio is above the smallest change that counts, both as it is and
 * divided by that of the control kernel: how much a load slows a job is not known, but it lies between not at all and as much
 * as the control. And nearly all samples are above by as much, so that no few of them decide.
 */
function timeChange(
  { name, old, now }: { name: string; old: Summary; now: Summary },
  wrong: number,
  load: number,
  paired: boolean,
): TimeChange {
  const { ratio, low, high } = ratioInterval(old.values, now.values, 1 - wrong, paired);
  const [lowest, highest] = [Math.min(low, low / load), Math.max(high, high / load)];
  const factor = 1 + (paired ? MIN_CHANGE.byTurns : MIN_CHANGE.apart);
  const [before, after] = [old, now].map(({ values }) => values.slice(0, MAX_SAMPLES)) as [
    number[],
    number[],
  ];
  const above = (low: readonly number[], high: readonly number[]): number =>
    paired
      ? signTest(high.filter((value, i) => value > factor * (low[i] ?? 0)).length, high.length)
      : rankTest(
          low.map((value) => value * factor),
          high,
        );
  const verdict =
    leastChance(before.length, after.length, paired) > wrong
      ? "unsure"
      : lowest > factor && above(before, after) <= wrong
        ? "slower"
        : highest < 1 / factor && above(after, before) <= wrong
          ? "faster"
          : "same";
  return { name, before: old.median, now: now.median, ratio, low: lowest, high: highest, verdict };
}

/** The chance of the test for samples that could not differ more clearly. */
function leastChance(before: number, now: number, paired: boolean): number {
  if (paired) return signTest(now, now);
  return rankTest(new Array(before).fill(0), new Array(now).fill(1));
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
