import { RandomStream } from "../../engine/random.js";
import { RANDOM_STREAMS } from "../../engine/random-streams.js";
import { shrink } from "../../image/resize/shrink.js";
import { type RgbImage, rgbImage } from "../../image/rgb-image.js";
import { roundToBytes } from "../../image/round-to-bytes.js";
import type { BlurKernel } from "../../kernel/blur-kernel.js";
import { degrade } from "../../kernel/degradation/degrade.js";
import { covarianceKernel } from "../../kernel/families/covariance-kernel.js";
import { KERNEL_NOISE } from "../../kernel/families/kernel-distribution.js";
import { randomDiskKernel, randomMotionKernel } from "../../kernel/families/motion-and-disk-kernels.js";
import { randomKernel } from "../../kernel/families/random-kernel.js";
import { x4Kernel } from "../../kernel/families/x4-kernel.js";
import { kernelCovariance } from "../../kernel/metrics/kernel-metrics.js";
import type { SpectralTruth } from "../../model/spectral/targets.js";
import { WINDOW } from "../../model/spectral/windows.js";
import type { TrainingImage } from "../training-image.js";

/** Part of the photos that are shrunk first, and the smallest factor; shrinking makes a photo sharper. */
const SHRUNK = 0.5;
const MIN_SHRUNK = 0.55;

/** Part of the samples that are as wide as the photo, and part of those that are as high. */
const WHOLE = 0.4;

/** Parts of the samples by kind of kernel; the rest are the paper's Gaussians. */
const UNEVEN_KERNELS = 0.25;
const MOTIONS = 0.075;
const DISKS = 0.075;

/** Part of the samples with noise; its largest standard deviation, in 255ths. */
const NOISY = 0.5;
const MAX_NOISE = 16;

/** Part of the samples that went through JPEG; the range of its quality. */
const COMPRESSED = 0.12;
const QUALITIES = [60, 95] as const;

/** A degraded image, and the truth to read off its spectrum. */
export interface SpectralTask {
  /** Rounded to 8 bits, like a photo. */
  readonly image: RgbImage;
  /** JPEG quality with which the image has yet to be compressed, if any. */
  readonly quality?: number;
  /** For ×2. */
  readonly kernel: BlurKernel<"correlation">;
  readonly truth: SpectralTruth;
}

/** The task of a number; it depends on the seed and the number alone. */
export function spectralTask(
  images: readonly TrainingImage[],
  scale: 2 | 4,
  seed: number,
  number: number,
): SpectralTask {
  const random = new RandomStream(seed, RANDOM_STREAMS.spectralTask, number);
  const photo = images[Math.floor(images.length * random.uniform())] as TrainingImage;
  const sharp = randomPart(photo, WINDOW * scale, random);
  const x2 = randomBlur(random);
  const noise = random.uniform() < NOISY ? random.uniformIn(0, MAX_NOISE) : 0;
  const quality = random.uniform() < COMPRESSED ? Math.round(random.uniformIn(...QUALITIES)) : undefined;
  const image = degrade(sharp, scale === 2 ? x2 : x4Kernel(x2), scale, {
    noise: noise > 0 ? { sigma: noise / 255, random } : undefined,
  });
  const covariance = kernelCovariance(x2);
  const nonGaussianity = distance(x2, covarianceKernel(covariance));
  return { image: roundToBytes(image), quality, kernel: x2, truth: { covariance, noise, nonGaussianity } };
}

/** A rectangle of a photo, shrunk at random. Its sides have at least `least` pixels, as the photo's must. */
function randomPart({ width, height, planes }: TrainingImage, least: number, random: RandomStream): RgbImage {
  const smallest = Math.max(MIN_SHRUNK, least / Math.min(width, height));
  const factor = random.uniform() < SHRUNK && smallest < 1 ? random.uniformIn(smallest, 1) : 1;
  const side = (length: number): number => {
    const most = Math.max(least, Math.floor(length * factor));
    return random.uniform() < WHOLE ? most : Math.round(least * (most / least) ** random.uniform());
  };
  const [w, h] = [side(width), side(height)];
  const [sourceWidth, sourceHeight] = [
    Math.min(width, Math.round(w / factor)),
    Math.min(height, Math.round(h / factor)),
  ];
  const left = Math.floor((width - sourceWidth + 1) * random.uniform());
  const top = Math.floor((height - sourceHeight + 1) * random.uniform());
  const data = new Float32Array(3 * sourceHeight * sourceWidth);
  let index = 0;
  for (let plane = 0; plane < 3; plane++) {
    for (let y = top; y < top + sourceHeight; y++) {
      const row = (plane * height + y) * width;
      for (let x = left; x < left + sourceWidth; x++) data[index++] = (planes[row + x] as number) / 255;
    }
  }
  const part = rgbImage(sourceWidth, sourceHeight, data);
  return factor === 1 ? part : shrink(part, Math.min(w, sourceWidth), Math.min(h, sourceHeight));
}

function randomBlur(random: RandomStream): BlurKernel<"correlation"> {
  const kind = random.uniform();
  if (kind < MOTIONS) return randomMotionKernel(random);
  if (kind < MOTIONS + DISKS) return randomDiskKernel(random);
  return randomKernel(random, kind < MOTIONS + DISKS + UNEVEN_KERNELS ? KERNEL_NOISE : 0);
}

/** Root of the sum of squared differences. */
function distance(a: BlurKernel, b: BlurKernel): number {
  return Math.sqrt(a.values.reduce((sum, value, i) => sum + (value - (b.values[i] as number)) ** 2, 0));
}
