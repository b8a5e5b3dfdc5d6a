import type { InnerLoopName } from "./inner-loop.js";

/** What defines a training run: with the images, everything that its numbers depend on. */
export interface MetaTrainingConfig {
  /** Outer steps of the whole run. */
  readonly steps: number;
  readonly seed: number;
  /** After which inner steps the meta-losses are evaluated; [0] without an inner loop. */
  readonly evaluations: readonly number[];
  /** Tasks whose gradients one outer step sums. */
  readonly tasksPerStep: number;
  /** Adam's learning rate for the starts. */
  readonly rate: number;
  /**
   * Through which inner loop: the paper's, with its first-order outer gradient; or the steady one, with the exact gradient of the
   * kernel that it ends in, through all of its steps.
   */
  readonly innerLoop: InnerLoopName;
  /** Whose start is learned; the generator's alone is an ablation of the paper. */
  readonly learn: "both" | "generator" | "discriminator";
  /** Whether the kernel-pixel loss is part of the generator's meta-loss (Eq. 6); it is, but for an ablation. */
  readonly kernelPixels: boolean;
}

/** The paper's run. */
export const META_TRAINING: MetaTrainingConfig = {
  steps: 100_000,
  seed: 0,
  evaluations: [5, 10, 15, 20, 25],
  innerLoop: "paper",
  tasksPerStep: 1,
  rate: 1e-4,
  learn: "both",
  kernelPixels: true,
};
