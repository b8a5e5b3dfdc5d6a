import type { RandomStream } from "../../engine/random.js";
import type { BlurKernel } from "../../kernel/blur-kernel.js";
import { KERNEL_NOISE } from "../../kernel/families/kernel-distribution.js";
import { randomKernel } from "../../kernel/families/random-kernel.js";
import { x4Kernel } from "../../kernel/families/x4-kernel.js";
import { randomCrop, type TrainingImage } from "../training-image.js";

/** Part of the tasks with non-Gaussian kernels. */
const UNEVEN_KERNELS = 0.3;

/** Part of the tasks without noise; the largest standard deviation of the others' noise, in 255ths. */
const CLEAN = 0.5;
const MAX_NOISE = 25;

/** Scales for which a network is trained. */
export type TrainedScale = 2 | 4;

/** A sharp patch, and everything that degrades it. */
export interface UpscalerTask {
  /** [3, size, size] */
  readonly sharp: Float32Array;
  readonly kernel: BlurKernel<"correlation">;
  /** Standard deviation of the noise, in 255ths. */
  readonly sigma: number;
  /** [3, size / scale, size / scale], of that deviation. */
  readonly noise: Float32Array;
}

/**
 * Draws a task.
 * @param size side length of the sharp patch in pixels.
 */
export function upscalerTask(
  images: readonly TrainingImage[],
  scale: TrainedScale,
  size: number,
  random: RandomStream,
): UpscalerTask {
  const image = images[Math.floor(images.length * random.uniform())] as TrainingImage;
  const sharp = randomCrop(image, random, size).data;
  const x2 = randomKernel(random, random.uniform() < UNEVEN_KERNELS ? KERNEL_NOISE : 0);
  const sigma = random.uniform() < CLEAN ? 0 : random.uniformIn(0, MAX_NOISE);
  const noise = Float32Array.from({ length: 3 * (size / scale) ** 2 }, () =>
    sigma > 0 ? (sigma / 255) * random.normal() : 0,
  );
  return { sharp, kernel: scale === 2 ? x2 : x4Kernel(x2), sigma, noise };
}
