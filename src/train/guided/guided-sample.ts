import type { SpectralEstimator } from "../../estimate/spectral/spectral-estimator.js";
import type { RgbImage } from "../../image/rgb-image.js";
import type { BlurKernel } from "../../kernel/blur-kernel.js";
import { kernelCovariance } from "../../kernel/metrics/kernel-metrics.js";
import { toNaturalGrid } from "../../kernel/natural-kernel.js";
import type { ClosedFormGuesses } from "../../upscale/guided/closed-form-guesses.js";
import { guessSigmas } from "../../upscale/guided/guess-sigmas.js";
import { CERTAIN, type Uncertainty } from "../../upscale/sigma/automatic-sigma.js";
import type { PictureTask } from "./guided-task.js";

/** What the network is told of an image, in this order: numbers of a sample. */
export const CONDITIONS = ["noise", "error", "nonGaussianity", "xx", "xy", "yy", "sharp", "smooth"] as const;

/** A degraded picture with all that the network sees of it. */
export interface PictureSample {
  readonly small: RgbImage;
  readonly sharp: RgbImage;
  /** The closed-form guesses, the sharper one first. */
  readonly guesses: readonly RgbImage[];
  /** See {@link CONDITIONS}. */
  readonly conditions: readonly number[];
}

/**
 * Estimates an image's blur, unless it is given, and makes the guesses.
 * @param small the task's image after JPEG.
 */
export async function pictureSample(
  task: PictureTask,
  small: RgbImage,
  estimator: SpectralEstimator,
  guesses: ClosedFormGuesses,
): Promise<PictureSample> {
  const estimate = await estimator.estimate(small);
  const { kernel, uncertainty } = task.kernelGiven
    ? { kernel: task.kernel, uncertainty: { ...CERTAIN, noise: estimate.noise } }
    : { kernel: toNaturalGrid(estimate.kernel), uncertainty: estimate };
  const sigmas = guessSigmas(uncertainty);
  return {
    small,
    sharp: task.sharp,
    guesses: await guesses.make(small, kernel, sigmas),
    conditions: conditionsOf(kernel, uncertainty, sigmas),
  };
}

/** What the network is told, in the order of {@link CONDITIONS}; the covariance is in square pixels of the large image. */
function conditionsOf(
  kernel: BlurKernel,
  { noise, error, nonGaussianity }: Uncertainty,
  sigmas: readonly [number, number],
): number[] {
  const { xx, xy, yy } = kernelCovariance(kernel);
  return [noise, error, nonGaussianity, xx, xy, yy, ...sigmas];
}
