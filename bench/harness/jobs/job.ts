import type { Engine } from "../../../src/engine/engine.js";

/** What a job needs. */
export interface JobContext {
  readonly engine: Engine;
  /** Opens another engine on the same adapter. */
  readonly openEngine: () => Promise<Engine>;
}

/** A job that is ready. */
export interface ReadyJob {
  /** Does the job once; what it measured, in the order of {@link Job.measures}. */
  sample(): Promise<readonly (readonly number[])[]>;
  dispose?(): void;
}

/** A whole job of the product, as users see it. */
export interface Job {
  /** What one sample measures, each with its unit. */
  readonly measures: readonly { readonly name: string; readonly unit: string }[];
  prepare(context: JobContext): Promise<ReadyJob>;
}
