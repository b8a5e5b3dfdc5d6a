import type { Engine } from "../../../src/engine/device/engine.js";

/** The engine that a job runs on, and the way to open another one. */
export interface JobContext {
  readonly engine: Engine;
  /** Opens another engine on the same adapter. */
  readonly openEngine: () => Promise<Engine>;
}

/** A prepared job. */
export interface ReadyJob {
  /** Does the job once. Returns the values of each measure, in the order of {@link Job.measures}. */
  sample(): Promise<readonly (readonly number[])[]>;
  dispose?(): void;
}

/** A public call of the package, timed as a whole. */
export interface Job {
  /** The measures of one sample, with their units. */
  readonly measures: readonly { readonly name: string; readonly unit: string }[];
  prepare(context: JobContext): Promise<ReadyJob>;
}
