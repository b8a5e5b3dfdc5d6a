import { RandomStream } from "../../engine/random.js";
import { RANDOM_STREAMS } from "../../engine/random-streams.js";
import { cropImage } from "../../image/crop-image.js";
import { ImageError } from "../../image/errors.js";
import { assertHasDetail } from "../../image/patches/assert-has-detail.js";
import { MIN_IMAGE_SIDE } from "../../image/patches/pad-circular.js";
import type { RgbImage } from "../../image/rgb-image.js";
import { blurAndSample } from "../blur-and-sample.js";
import type { BlurKernel } from "../blur-kernel.js";
import { randomDiv2krkKernel } from "../families/div2krk-kernel.js";
import { KERNEL_NOISE } from "../families/kernel-distribution.js";
import { randomDiskKernel, randomMotionKernel } from "../families/motion-and-disk-kernels.js";
import { randomKernel } from "../families/random-kernel.js";
import { randomDefocusKernel, randomShakeKernel } from "../families/wide-kernels.js";
import { uncenteredX4Kernel, x4Kernel } from "../families/x4-kernel.js";
import { TEST_RANGES } from "./camera/ranges.js";
import { type CameraRecipe, drawRecipe } from "./camera/recipe.js";
import { takePhoto } from "./camera/take-photo.js";
import { degrade } from "./degrade.js";

/**
 * What a benchmark does besides blurring and downscaling, or by which kernels it blurs. The first three are the paper's;
 * motion, disk and, of wide blur, defocus and shake have other kernels than Gaussians, and JPEG compresses what the first makes.
 * KernelGAN's own `divkrk` has kernel noise, and its kernels on the natural grid. Camera is a model of its own, see
 * {@link takePhoto}.
 */
export const BENCHMARK_SETTINGS = [
  "clean",
  "kernel-noise",
  "image-noise",
  "motion",
  "disk",
  "defocus",
  "shake",
  "divkrk",
  "jpeg-90",
  "jpeg-70",
  "camera",
] as const;

export type BenchmarkSetting = (typeof BENCHMARK_SETTINGS)[number];

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
  /** JPEG qualities with which the image is still to be compressed, 1 to 100, one after the other. */
  readonly qualities: readonly number[];
  /** All that the setting `camera` drew. */
  readonly recipe?: CameraRecipe;
}

/** JPEG qualities of the settings that have a fixed one. */
const QUALITIES: Partial<Readonly<Record<BenchmarkSetting, readonly number[]>>> = {
  "jpeg-90": [90],
  "jpeg-70": [70],
};
/** The largest standard deviation of an image's noise. */
const MAX_IMAGE_NOISE = 10 / 255;

/**
 * The low-resolution image that a benchmark has of a high-resolution one (MetaKernelGAN, section 4.1). Kernel and noise
 * depend on the seed and the image's index alone, and all settings of Gaussian kernels have the same ones.
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
  if (setting === "camera") {
    const random = new RandomStream(seed, RANDOM_STREAMS.benchmarkCamera, index);
    const recipe = drawRecipe(random, TEST_RANGES);
    return { ...takePhoto(image, recipe, scale, random), qualities: recipe.qualities, recipe };
  }
  const x2 = kernelOf(setting, new RandomStream(seed, RANDOM_STREAMS.benchmarkKernel, index));
  if (setting === "divkrk") return onNaturalGrid(image, x2, scale);
  const kernel = scale === 2 ? x2 : x4Kernel(x2);
  const qualities = QUALITIES[setting] ?? [];
  if (setting !== "image-noise") return { image: degrade(image, kernel, scale), kernel, qualities };
  const random = new RandomStream(seed, RANDOM_STREAMS.benchmarkNoise, index);
  const sigma = random.uniformIn(0, MAX_IMAGE_NOISE);
  return { image: degrade(image, kernel, scale, { noise: { sigma, random } }), kernel, qualities };
}

/** As DIV2KRK is made: the image goes on mirrored beyond its borders, and two kernels of the natural grid make the one of ×4. */
function onNaturalGrid(image: RgbImage, x2: BlurKernel<"correlation">, scale: 2 | 4): BenchmarkItem {
  const kernel = scale === 2 ? x2 : uncenteredX4Kernel(x2);
  const [width, height] = [image.width - (image.width % scale), image.height - (image.height % scale)];
  const sharp = cropImage(image, { left: 0, top: 0, width, height });
  return { image: blurAndSample(sharp, kernel, scale), kernel, qualities: [] };
}

function kernelOf(setting: BenchmarkSetting, random: RandomStream): BlurKernel<"correlation"> {
  switch (setting) {
    case "motion":
      return randomMotionKernel(random);
    case "disk":
      return randomDiskKernel(random);
    case "defocus":
      return randomDefocusKernel(random);
    case "shake":
      return randomShakeKernel(random);
    case "divkrk":
      return randomDiv2krkKernel(random);
    default:
      return randomKernel(random, setting === "kernel-noise" ? KERNEL_NOISE : 0);
  }
}
