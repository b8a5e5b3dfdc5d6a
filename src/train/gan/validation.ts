import type { Engine } from "../../engine/device/engine.js";
import { NumericalError } from "../../engine/errors.js";
import { RandomStream } from "../../engine/random.js";
import { RANDOM_STREAMS } from "../../engine/random-streams.js";
import { MetaKernelGAN } from "../../estimate/metakernelgan/metakernelgan.js";
import type { RgbImage } from "../../image/rgb-image.js";
import type { BlurKernel } from "../../kernel/blur-kernel.js";
import { degrade } from "../../kernel/degradation/degrade.js";
import { randomKernel } from "../../kernel/families/random-kernel.js";
import { kernelCov, kernelPsnr } from "../../kernel/metrics/kernel-metrics.js";
import type { WeightFile } from "../../weights/weight-file.js";
import type { Validation } from "../trainer.js";

/** A low-resolution image and the kernel that made it. */
export interface ValidationImage {
  readonly image: RgbImage;
  readonly kernel: BlurKernel<"correlation">;
}

/**
 * Degrades an image with the random kernel of its number. It is the same in every run, so that runs can be
 * compared.
 */
export function validationImage(image: RgbImage, number: number): ValidationImage {
  const kernel = randomKernel(new RandomStream(0, RANDOM_STREAMS.validationKernel, number));
  return { image: degrade(image, kernel, 2), kernel };
}

/** How good the kernels are that an initialization leads to. */
export interface GanValidation extends Validation {
  /** Mean in dB; an estimate that fails counts as 0. */
  readonly kernelPsnr: number;
  /** Mean in square pixels over the estimates that do not fail. */
  readonly kernelCov: number;
  /** Estimates without finite numbers. */
  readonly failed: number;
}

/** Estimates the kernel of every image from an initialization, and compares it with the true one. */
export async function validate(
  engine: Engine,
  initialization: WeightFile,
  images: readonly ValidationImage[],
  options: { readonly steps: number; readonly signal?: AbortSignal },
): Promise<GanValidation> {
  const model = await MetaKernelGAN.load(engine, initialization);
  let psnr = 0;
  let cov = 0;
  let failed = 0;
  for (const { image, kernel: truth } of images) {
    try {
      const { kernel } = await model.estimate(image, options);
      psnr += kernelPsnr(kernel, truth);
      cov += kernelCov(kernel, truth);
    } catch (error) {
      if (!(error instanceof NumericalError)) throw error;
      failed++;
    }
  }
  return { kernelPsnr: psnr / images.length, kernelCov: cov / Math.max(1, images.length - failed), failed };
}
