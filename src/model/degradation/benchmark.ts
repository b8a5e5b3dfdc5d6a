import { RandomStream } from "../../engine/random.js";
import type { BlurKernel } from "../blur-kernel.js";
import { ImageError } from "../errors.js";
import type { RgbImage } from "../image.js";
import { assertHasDetail } from "../patches/assert-has-detail.js";
import { MIN_IMAGE_SIDE } from "../patches/pad-circular.js";
import { degrade } from "./degrade.js";
import { randomKernel } from "./random-kernel.js";
import { x4Kernel } from "./x4-kernel.js";

/** What the paper's benchmarks add to blur and downscaling. */
export type BenchmarkSetting = "clean" | "kernel-noise" | "image-noise";

/** Which low-resolution images a benchmark has. */
export interface BenchmarkOptions {
  readonly scale: 2 | 4;
  readonly setting: BenchmarkSetting;
  readonly seed: number;
}

/** A low-resolution image and the kernel that it was made with. */
export interface BenchmarkItem {
  /** Values are not clipped. */
  readonly image: RgbImage;
  readonly kernel: BlurKernel<"correlation">;
}

const KERNEL_STREAM = 1003;
const NOISE_STREAM = 1004;

/** Each value of a kernel is off by up to this part of itself. */
const KERNEL_NOISE = 0.4;
/** The largest standard deviation of an image's noise. */
const MOST_IMAGE_NOISE = 10 / 255;

/**
 * The low-resolution image that a benchmark has of a high-resolution one (MetaKernelGAN, section 4.1). Kernel and noise
 * depend on the seed and the image's index alone, and all settings of a seed have the same Gaussians.
 * @throws {ImageError} if no blur could be estimated from the result: it is too small or has no detail.
 */
export function benchmarkItem(
  image: RgbImage,
  index: number,
  { scale, setting, seed }: BenchmarkOptions,
): BenchmarkItem {
  const least = MIN_IMAGE_SIDE * scale;
  if (Math.min(image.width, image.height) < least) {
    throw new ImageError(
      `The image is ${image.width}×${image.height}; for ×${scale} both sides need at least ${least} pixels.`,
    );
  }
  assertHasDetail(image);
  const x2 = randomKernel(
    new RandomStream(seed, KERNEL_STREAM, index),
    setting === "kernel-noise" ? KERNEL_NOISE : 0,
  );
  const kernel = scale === 2 ? x2 : x4Kernel(x2);
  if (setting !== "image-noise") return { image: degrade(image, kernel, scale), kernel };
  const random = new RandomStream(seed, NOISE_STREAM, index);
  const sigma = random.uniformIn(0, MOST_IMAGE_NOISE);
  return { image: degrade(image, kernel, scale, { noise: { sigma, random } }), kernel };
}
