import type { JobContext, ReadyJob } from "../jobs/job.js";

/** A job of several sizes: how its cost grows. */
export interface Growth {
  /** What grows. */
  readonly over: string;
  readonly points: readonly number[];
  /** What one sample measures at each point, each with its unit. */
  readonly measures: readonly { readonly name: string; readonly unit: string }[];
  prepare(context: JobContext, point: number): Promise<ReadyJob>;
}
