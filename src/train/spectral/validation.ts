import type { Engine } from "../../engine/device/engine.js";
import { SpectralEstimator } from "../../estimate/spectral/spectral-estimator.js";
import { mean } from "../../image/metrics/mean.js";
import type { RgbImage } from "../../image/rgb-image.js";
import type { BlurKernel } from "../../kernel/blur-kernel.js";
import { type KernelScore, kernelScore } from "../../kernel/metrics/kernel-score.js";
import type { WeightFile } from "../../weights/weight-file.js";
import type { Validation } from "../trainer.js";
import type { TrainerOptions } from "../training.js";
import { trainingImage } from "../training-image.js";
import type { SpectralSettings } from "./spectral-settings.js";
import { spectralTask } from "./spectral-task.js";

/** Degraded images of a validation. */
const VALIDATED = 64;

/** A degraded image, and the true kernel for ×2. */
export interface SpectralValidationImage {
  readonly image: RgbImage;
  readonly kernel: BlurKernel<"correlation">;
}

/** Degrades the images held out. The results are the same in every run of a scale, so that runs can be compared. */
export async function validationImages({
  settings,
  heldOut,
  compressJpeg,
}: Pick<TrainerOptions<SpectralSettings>, "settings" | "heldOut" | "compressJpeg">): Promise<
  SpectralValidationImage[]
> {
  if (heldOut.length === 0) return [];
  const images = heldOut.map((image) => trainingImage(image));
  return Promise.all(
    Array.from({ length: VALIDATED }, async (_, number) => {
      const { image, quality, kernel } = spectralTask(images, settings.scale, 0, number);
      return { image: quality === undefined ? image : await compressJpeg(image, quality), kernel };
    }),
  );
}

/** Estimates the kernels of the images with a network: their mean kernel PSNR in dB, and K-COV in square pixels. */
export async function validate(
  engine: Engine,
  network: WeightFile,
  images: readonly SpectralValidationImage[],
  signal: AbortSignal,
): Promise<Validation> {
  const estimator = await SpectralEstimator.load(engine, network);
  try {
    const scores: KernelScore[] = [];
    for (const { image, kernel } of images) {
      const { x2Kernel } = await estimator.estimate(image, { signal });
      scores.push(kernelScore(x2Kernel, kernel));
    }
    return {
      kernelPsnr: mean(scores.map(({ kernelPsnr }) => kernelPsnr)),
      kernelCov: mean(scores.map(({ kernelCov }) => kernelCov)),
    };
  } finally {
    estimator.dispose();
  }
}
