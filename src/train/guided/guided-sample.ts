import type { SpectralEstimator } from "../../estimate/spectral/spectral-estimator.js";
import type { RgbImage } from "../../image/rgb-image.js";
import type { BlurKernel } from "../../kernel/blur-kernel.js";
import { CERTAIN, type PhotoUncertainty } from "../../kernel/kernel-uncertainty.js";
import { kernelCovariance } from "../../kernel/metrics/kernel-metrics.js";
import { toNaturalGrid } from "../../kernel/natural-kernel.js";
import { unknownPhoto } from "../../model/guided/conditions.js";
import type { PhotoKind } from "../../model/spectral/whole-reading.js";
import type { ClosedFormGuesses } from "../../upscale/guided/closed-form-guesses.js";
import { guessSigmas } from "../../upscale/guided/guess-sigmas.js";
import type { PictureTask } from "./guided-task.js";

/** What the network is told of an image, in this order: numbers of a sample. */
export const CONDITIONS = [
  "noise",
  "error",
  "nonGaussianity",
  "xx",
  "xy",
  "yy",
  "sharp",
  "smooth",
  "brightnessNoise",
  "camera",
  "compressed",
  "quality",
  "gaussian",
] as const;

/** A degraded picture with all that the network sees of it. */
export interface PictureSample {
  readonly small: RgbImage;
  readonly sharp: RgbImage;
  /** The closed-form guesses, the sharper one first. */
  readonly guesses: readonly RgbImage[];
  /** By which the guesses were made, on the natural grid. */
  readonly kernel: BlurKernel;
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
    : {
        kernel: toNaturalGrid(estimate.kernel),
        uncertainty: { noise: estimate.noise, ...estimate.uncertainty },
      };
  const sigmas = guessSigmas(uncertainty);
  return {
    small,
    sharp: task.sharp,
    guesses: await guesses.make(small, kernel, sigmas),
    kernel,
    conditions: conditionsOf(kernel, uncertainty, sigmas, estimate.photo ?? unknownPhoto(estimate.noise)),
  };
}

/** What the network is told, in the order of {@link CONDITIONS}; the covariance is in square pixels of the large image. */
function conditionsOf(
  kernel: BlurKernel,
  { noise, error, nonGaussianity }: PhotoUncertainty,
  sigmas: readonly [number, number],
  { brightnessNoise, camera, compressed, quality, gaussian }: PhotoKind,
): number[] {
  const { xx, xy, yy } = kernelCovariance(kernel);
  const photo = [brightnessNoise, camera, compressed, quality, gaussian];
  return [noise, error, nonGaussianity, xx, xy, yy, ...sigmas, ...photo];
}
