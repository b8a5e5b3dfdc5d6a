import { interleave, type SamplingPlan } from "../comparison/interleave.js";
import type { HarnessCalls, Opened } from "../harness/harness.js";
import type { DispatchWork } from "../harness/sessions/dispatch-session.js";
import type { Clock } from "../harness/timing/dispatch-timer.js";
import type { Summary } from "../report/statistics/statistics.js";
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
  readonly clock: Clock;
}

/** The times of the dispatches of what the harness has opened. */
export class DispatchMeasurement {
  private readonly series: Series;

  constructor(
    private readonly harness: HarnessCalls,
    private readonly opened: Opened,
  ) {
    this.series = new Series(opened.work.length + 1);
  }

  /** Takes the samples, and closes what the harness has opened. */
  async run(plan: SamplingPlan): Promise<void> {
    const { harness, series } = this;
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
  }

  /** What is known so far; undefined without a sample. */
  get rows(): DispatchRows | undefined {
    const { series } = this;
    const { work, clock } = this.opened;
    const whole = series.summary(work.length);
    if (whole.samples === 0) return undefined;
    return { dispatches: work.map((each, i) => ({ ...each, time: series.summary(i) })), whole, clock };
  }
}
