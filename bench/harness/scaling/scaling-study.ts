import type { JobContext, ReadyJob } from "../jobs/job.js";

/** A job at several sizes, to show how its cost grows. */
export interface ScalingStudy {
  /** The size that grows, in words. */
  readonly over: string;
  readonly points: readonly number[];
  /** The measures of one sample at each point, with their units. */
  readonly measures: readonly { readonly name: string; readonly unit: string }[];
  prepare(context: JobContext, point: number): Promise<ReadyJob>;
}
