import type { CommonSettings, Schedule } from "../training.js";

/**
 * How an initialization is learned. meta: by the meta-learning of the paper (MetaKernelGAN); dataset: without
 * an inner loop (DSKernelGAN); blur: the discriminator learns to read off a patch how it is blurred, and
 * adaptations begin with one Gaussian as the generator's kernel.
 */
export type OuterStepName = "meta" | "dataset" | "blur";

/** The networks whose initialization is learned; the generator's alone is an ablation of the paper. */
export type LearnedNetworks = "both" | "generator" | "discriminator";

/** Settings of a GAN's training; with the images, everything that its numbers depend on. */
export interface GanSettings extends CommonSettings {
  readonly outerStep: OuterStepName;
  /** Inner steps after which the meta-losses are evaluated; [0] without an inner loop. */
  readonly evaluations: readonly number[];
  readonly learn: LearnedNetworks;
  /**
   * Whether the kernel-pixel loss is part of the generator's meta-loss (Eq. 6), as in the paper, or off as an
   * ablation.
   */
  readonly kernelPixels: "on" | "off";
  /**
   * Which generator the training begins with: that of the initialization, or a Gaussian and its derivatives.
   */
  readonly generator: "init" | "gaussians";
  readonly holdOut: number;
}

/** The paper's training, and how often ours writes. */
export const GAN_DEFAULTS: GanSettings & Schedule = {
  outerStep: "meta",
  seed: 0,
  batch: 1,
  evaluations: [5, 10, 15, 20, 25],
  rate: 1e-4,
  learn: "both",
  kernelPixels: "on",
  generator: "init",
  holdOut: 40,
  steps: 100_000,
  checkpointEvery: 500,
  logEvery: 20,
  validateEvery: 2000,
  validateSteps: 200,
};

/** What differs where the discriminator is taught blur: the generator is made, not learned. */
export const BLUR_DEFAULTS = {
  batch: 16,
  rate: 3e-3,
  learn: "discriminator",
  generator: "gaussians",
  steps: 8000,
} as const;

/** The defaults for an outer step. */
export function ganDefaults(outerStep: OuterStepName = GAN_DEFAULTS.outerStep): GanSettings & Schedule {
  return {
    ...GAN_DEFAULTS,
    ...(outerStep === "blur" ? BLUR_DEFAULTS : {}),
    outerStep,
    evaluations: outerStep === "meta" ? GAN_DEFAULTS.evaluations : [0],
  };
}
