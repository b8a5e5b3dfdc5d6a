import type { LearnedStart } from "./learned-start.js";

/** The meta-losses of one evaluation. */
export interface MetaLosses {
  readonly adversarial: number;
  readonly sumToOne: number;
  readonly kernelPixels: number;
  readonly discriminator: number;
  /** Σ of what the entries of the kernel's covariance are off by, where it is part of the objective. */
  readonly kernelCov?: number;
}

/** One step of learning a start from tasks, whichever way its gradient is made. */
export interface OuterStep<Task> {
  readonly start: LearnedStart;
  /** Multiply-adds of one outer step on one task. */
  readonly multiplyAdds: number;
  /**
   * Submits one outer step; does not wait for it.
   * @param weights of the evaluations.
   * @param seed fixes the noise.
   */
  run(tasks: readonly Task[], weights: readonly number[], seed: number): void;
  /** Reads back the meta-losses of the last task's evaluations. */
  losses(): Promise<MetaLosses[]>;
}
