import type { LearnedInitialization } from "./learned-initialization.js";

/** The losses of one evaluation, by name. */
export type OuterLosses = Readonly<Record<string, number>>;

/** The meta-losses of one evaluation. */
export interface MetaLosses extends Record<string, number> {
  readonly adversarial: number;
  readonly sumToOne: number;
  readonly kernelPixels: number;
  readonly discriminator: number;
}

/** One step of learning a start from tasks, whichever way its gradient is made. */
export interface OuterStep {
  readonly start: LearnedInitialization;
  /** Multiply-adds of one outer step on one task. */
  readonly multiplyAdds: number;
  /** Reads back the losses of the last step's evaluations. */
  losses(): Promise<OuterLosses[]>;
}
