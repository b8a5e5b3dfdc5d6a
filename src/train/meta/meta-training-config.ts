import type { InnerLoopName } from "../../estimate/metakernelgan/inner-loop.js";

/**
 * How a start is learned: meta, as the paper does (MetaKernelGAN); dataset, without an inner loop (DSKernelGAN); or blur, where the
 * discriminator is taught to read off a patch how it is blurred, and adaptations begin from one Gaussian.
 */
export type TrainingMethod = "meta" | "dataset" | "blur";

/** What defines a training run: with the images, everything that its numbers depend on. */
export interface MetaTrainingConfig {
  /** How the start is learned. */
  readonly method: TrainingMethod;
  /** Outer steps of the whole run. */
  readonly steps: number;
  readonly seed: number;
  /** After which inner steps the meta-losses are evaluated; [0] without an inner loop. */
  readonly evaluations: readonly number[];
  /** Tasks whose gradients one outer step sums. */
  readonly tasksPerStep: number;
  /** Adam's learning rate for the starts. */
  readonly rate: number;
  /** Whose start is learned; the generator's alone is an ablation of the paper. */
  readonly learn: "both" | "generator" | "discriminator";
  /** Whether the kernel-pixel loss is part of the generator's meta-loss (Eq. 6); it is, but for an ablation. */
  readonly kernelPixels: boolean;
}

/** The paper's run. */
export const META_TRAINING: MetaTrainingConfig = {
  method: "meta",
  steps: 100_000,
  seed: 0,
  evaluations: [5, 10, 15, 20, 25],
  tasksPerStep: 1,
  rate: 1e-4,
  learn: "both",
  kernelPixels: true,
};

/** The inner loop for a start that was learned by a method. */
export function innerLoopAfter(method: TrainingMethod): InnerLoopName {
  return method === "blur" ? "steady" : "paper";
}
