/** What defines a training run: with the images, everything that its numbers depend on. */
export interface MetaTrainingConfig {
  /** Outer steps of the whole run. */
  readonly steps: number;
  readonly seed: number;
  /** After which inner steps the meta-losses are evaluated; [0] for DSKernelGAN, which has no inner loop. */
  readonly evaluations: readonly number[];
  /** Tasks whose gradients one outer step sums. */
  readonly tasksPerStep: number;
}

/** The paper's run. */
export const META_TRAINING: MetaTrainingConfig = {
  steps: 100_000,
  seed: 0,
  evaluations: [5, 10, 15, 20, 25],
  tasksPerStep: 1,
};
