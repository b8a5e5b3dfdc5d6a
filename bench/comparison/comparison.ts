import type { Inputs } from "../harness/inputs.js";
import { medianError, type Summary, summarize } from "../report/statistics/statistics.js";
import { difference, judge, type Result } from "./agreement.js";
import { comparable } from "./comparable.js";
import { interleave, type SamplingPlan } from "./interleave.js";
import type { Participant } from "./participant.js";
import type { WorkloadName } from "./workloads.js";

/** The outcome of one participant in one workload: its time, or the reason why it has none. */
export type ComparisonRow = { readonly name: string; readonly version: string } & (
  | {
      readonly time: Summary;
      /** Runs per sample. A sample is their mean. */
      readonly runs: number;
      /** The largest relative difference from the first participant's numbers. */
      readonly difference: number;
    }
  | { readonly cannot: string }
  | { readonly wrong: string }
);

/** Target length of a sample, in milliseconds. */
const SAMPLE = 100;
/** Runs per sample at most. */
const MAX_RUNS = 20;
/** If the first run is shorter than this, in milliseconds, more runs follow to warm up. */
const SHORT = 1000;

/**
 * Lets all participants run a workload, compares their numbers, and times those that agree.
 * @param report takes lines about the progress.
 * @param afterRound takes the rows so far, after each round of samples.
 */
export async function compareWorkload(
  workload: WorkloadName,
  participants: readonly Participant[],
  inputs: Inputs,
  plan: SamplingPlan,
  report: (line: string) => void,
  afterRound: (rows: ComparisonRow[]) => void | Promise<void> = () => {},
): Promise<ComparisonRow[]> {
  const takingPart = participants.filter(({ workloads }) => workloads.includes(workload));
  const cannot = new Map<string, string>();
  const results = new Map<string, Result>();
  for (const participant of takingPart) {
    const { name } = participant;
    report(`${workload}: ${name}`);
    try {
      results.set(name, comparable(workload, await participant.prepare(workload), inputs));
    } catch (error) {
      cannot.set(name, firstLine(error));
    }
  }
  const verdicts = judge(results);
  const first = [...results.values()][0] as Result;
  const timed = new Map<string, { runs: number; times: number[] }>();
  for (const participant of takingPart) {
    const { name } = participant;
    if (!results.has(name) || verdicts.get(name)) continue;
    try {
      timed.set(name, { runs: await warmUp(participant, workload), times: [] });
    } catch (error) {
      cannot.set(name, firstLine(error));
    }
  }
  const rows = (): ComparisonRow[] =>
    takingPart.map(({ name, version }) => {
      const reason = cannot.get(name);
      if (reason !== undefined) return { name, version, cannot: reason };
      const wrong = verdicts.get(name);
      if (wrong !== undefined) return { name, version, wrong };
      const { runs, times } = timed.get(name) as { runs: number; times: number[] };
      const { value } = difference(first, results.get(name) as Result);
      return { name, version, time: summarize(times), runs, difference: value };
    });
  report(`${workload}: up to ${plan.samples} samples in turns`);
  await interleave(
    takingPart.flatMap((participant) => {
      const { name } = participant;
      const own = timed.get(name);
      if (!own) return [];
      const sample = async (): Promise<void> => {
        if (cannot.has(name)) return;
        try {
          own.times.push(await participant.sample(workload, own.runs));
        } catch (error) {
          cannot.set(name, firstLine(error));
        }
      };
      return [{ name, sample, error: () => (cannot.has(name) ? 0 : medianError(own.times)) }];
    }),
    plan,
    () => afterRound(rows()),
  );
  for (const participant of takingPart) await participant.release(workload).catch(() => {});
  return rows();
}

/** Warms a workload up, and returns the number of runs per sample. */
async function warmUp(participant: Participant, workload: WorkloadName): Promise<number> {
  const first = await participant.sample(workload, 1);
  if (first > SHORT) return 1;
  const second = await participant.sample(workload, 1);
  const runs = Math.max(1, Math.min(MAX_RUNS, Math.round(SAMPLE / second)));
  await participant.sample(workload, runs);
  return runs;
}

function firstLine(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  return text.split("\n")[0] as string;
}
