import { interleave, type SamplingPlan } from "../comparison/interleave.js";
import type { HarnessCalls } from "../harness/harness.js";
import type { DispatchWork } from "../harness/sessions/dispatch-session.js";
import type { Summary } from "../report/statistics.js";
import { Series } from "./series.js";

/** A dispatch with its times in milliseconds. */
export interface DispatchTimes extends DispatchWork {
  readonly time: Summary;
}

/** The dispatches of an operation or a shader. */
export interface DispatchRows {
  readonly dispatches: readonly DispatchTimes[];
  /** The whole, with its submission. */
  readonly whole: Summary;
}

/** Times the dispatches of what the harness has opened, and closes it. */
export async function measureDispatches(
  harness: HarnessCalls,
  work: readonly DispatchWork[],
  plan: SamplingPlan,
): Promise<DispatchRows> {
  const series = new Series(work.length + 1);
  const sample = async (): Promise<void> => {
    const { dispatches, whole } = await harness.dispatchSample();
    series.add([...dispatches, whole]);
  };
  try {
    await harness.calibrate();
    await interleave([{ name: "dispatches", sample, error: () => series.error() }], plan);
  } finally {
    await harness.closeSession();
  }
  return {
    dispatches: work.map((each, i) => ({ ...each, time: series.summary(i) })),
    whole: series.summary(work.length),
  };
}
