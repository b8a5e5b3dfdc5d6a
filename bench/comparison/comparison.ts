import type { Inputs } from "../harness/inputs.js";
import { type Summary, summarize } from "../report/statistics.js";
import { difference, judge, type Result } from "./agreement.js";
import { comparable } from "./comparable.js";
import type { Contestant } from "./contestant.js";
import { interleave, type SamplingPlan } from "./interleave.js";
import type { WorkName } from "./workloads.js";

/** How a contestant did in a work: timed, or why not. */
export type ContestRow = { readonly name: string; readonly version: string } & (
  | {
      readonly time: Summary;
      /** Runs in a row that a sample is the mean of. */
      readonly runs: number;
      /** The largest difference from the first contestant's numbers. */
      readonly difference: number;
    }
  | { readonly cannot: string }
  | { readonly wrong: string }
);

/** A sample is made of as many runs as take this long, in milliseconds, but not of more than so many. */
const SAMPLE = 100;
const MAX_RUNS = 20;
/** A first run shorter than this is followed by others to warm up. */
const SHORT = 1000;

/** Has all do a work, compares what they give, and times those whose numbers can be believed. */
export async function contest(
  work: WorkName,
  contestants: readonly Contestant[],
  inputs: Inputs,
  plan: SamplingPlan,
  report: (line: string) => void,
): Promise<ContestRow[]> {
  const takingPart = contestants.filter(({ works }) => works.includes(work));
  const cannot = new Map<string, string>();
  const results = new Map<string, Result>();
  for (const contestant of takingPart) {
    const { name } = contestant;
    report(`${work}: ${name}`);
    try {
      results.set(name, comparable(work, await contestant.prepare(work), inputs));
    } catch (error) {
      cannot.set(name, firstLine(error));
    }
  }
  const verdicts = judge(results);
  const first = [...results.values()][0] as Result;
  const timed = new Map<string, { runs: number; times: number[] }>();
  for (const contestant of takingPart) {
    const { name } = contestant;
    if (!results.has(name) || verdicts.get(name)) continue;
    try {
      timed.set(name, { runs: await warmUp(contestant, work), times: [] });
    } catch (error) {
      cannot.set(name, firstLine(error));
    }
  }
  report(`${work}: ${plan.samples} samples in turns`);
  await interleave(
    takingPart.flatMap((contestant) => {
      const { name } = contestant;
      const own = timed.get(name);
      if (!own) return [];
      const sample = async (): Promise<void> => {
        if (cannot.has(name)) return;
        try {
          own.times.push(await contestant.sample(work, own.runs));
        } catch (error) {
          cannot.set(name, firstLine(error));
        }
      };
      return [{ name, sample }];
    }),
    plan,
  );
  for (const contestant of takingPart) await contestant.release(work).catch(() => {});
  return takingPart.map(({ name, version }) => {
    const reason = cannot.get(name);
    if (reason !== undefined) return { name, version, cannot: reason };
    const wrong = verdicts.get(name);
    if (wrong !== undefined) return { name, version, wrong };
    const { runs, times } = timed.get(name) as { runs: number; times: number[] };
    const { value } = difference(first, results.get(name) as Result);
    return { name, version, time: summarize(times), runs, difference: value };
  });
}

/** Warms a work up; how many runs make a sample. */
async function warmUp(contestant: Contestant, work: WorkName): Promise<number> {
  const first = await contestant.sample(work, 1);
  if (first > SHORT) return 1;
  const second = await contestant.sample(work, 1);
  const runs = Math.max(1, Math.min(MAX_RUNS, Math.round(SAMPLE / second)));
  await contestant.sample(work, runs);
  return runs;
}

function firstLine(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  return text.split("\n")[0] as string;
}
