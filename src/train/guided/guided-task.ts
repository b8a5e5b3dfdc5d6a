import { RandomStream } from "../../engine/random.js";
import { RANDOM_STREAMS } from "../../engine/random-streams.js";
import type { RgbImage } from "../../image/rgb-image.js";
import { roundToBytes } from "../../image/round-to-bytes.js";
import { blurAndSample } from "../../kernel/blur-and-sample.js";
import type { BlurKernel } from "../../kernel/blur-kernel.js";
import { TRAINING_RANGES } from "../../kernel/degradation/camera/ranges.js";
import { drawRecipe, drawShape } from "../../kernel/degradation/camera/recipe.js";
import { takePhoto } from "../../kernel/degradation/camera/take-photo.js";
import { KERNEL_NOISE } from "../../kernel/families/kernel-distribution.js";
import { lensKernel } from "../../kernel/families/lens-kernel.js";
import { randomDiskKernel, randomMotionKernel } from "../../kernel/families/motion-and-disk-kernels.js";
import { randomKernel } from "../../kernel/families/random-kernel.js";
import { x4Kernel } from "../../kernel/families/x4-kernel.js";
import { naturalKernel, toNaturalGrid } from "../../kernel/natural-kernel.js";
import { photoPart } from "../photo-part.js";

/** Part of the pictures that are made as a camera makes them; the others as the paper does. */
const CAMERA = 0.45;

/** Of the paper's: part with kernel noise, of motions, of disks, and of a lens's wider kernels; the rest are its Gaussians. */
const UNEVEN_KERNELS = 0.2;
const MOTIONS = 0.08;
const DISKS = 0.07;
const WIDE = 0.2;

/** Of the paper's: part with white noise, its largest standard deviation in 255ths, part with JPEG, its qualities. */
const NOISY = 0.4;
const MAX_NOISE = 25;
const COMPRESSED = 0.3;
const QUALITIES = [30, 98] as const;

/** Part of the pictures that are upscaled by their true kernel. */
const TRUE_KERNELS = 0.4;

/** How a picture was made. */
export const PICTURE_KINDS = ["clean", "noise", "jpeg", "camera"] as const;
export type PictureKind = (typeof PICTURE_KINDS)[number];

/** A degraded picture from which a network learns to upscale; on the natural grid. */
export interface PictureTask {
  /** What is to come out, in 8 bits. */
  readonly sharp: RgbImage;
  /** The small image in 8 bits, before JPEG. */
  readonly image: RgbImage;
  /** JPEG qualities with which it is still to be compressed, one after the other. */
  readonly qualities: readonly number[];
  readonly kernel: BlurKernel<"correlation">;
  /** Standard deviation of white noise, in 255ths; undefined where the noise is of another kind. */
  readonly noise?: number;
  readonly kind: PictureKind;
  /** Whether the true kernel is to be given instead of an estimate. */
  readonly kernelGiven: boolean;
}

/** The picture of a number, which depends on seed and number alone. Sides are those of the sharp picture. */
export function pictureTask(
  images: readonly RgbImage[],
  { width, height, scale }: { readonly width: number; readonly height: number; readonly scale: 2 | 4 },
  seed: number,
  number: number,
): PictureTask {
  const random = new RandomStream(seed, RANDOM_STREAMS.guidedTask, number);
  const sharp = photoPart(images, width, height, random);
  const kernelGiven = random.uniform() < TRUE_KERNELS;
  if (random.uniform() < CAMERA) {
    const recipe = drawRecipe(random, TRAINING_RANGES);
    const photo = takePhoto(sharp, recipe, scale, random);
    return { ...photo, sharp, qualities: recipe.qualities, kind: "camera", kernelGiven };
  }
  const kernel = paperLikeKernel(random, scale);
  const noise = random.uniform() < NOISY ? random.uniformIn(0, MAX_NOISE) : 0;
  const compressed = random.uniform() < COMPRESSED;
  const quality = Math.round(random.uniformIn(...QUALITIES));
  const image = blurAndSample(sharp, kernel, scale);
  if (noise > 0) for (let i = 0; i < image.data.length; i++) image.data[i] += (noise / 255) * random.normal();
  const kind = compressed ? "jpeg" : noise > 0 ? "noise" : "clean";
  const qualities = compressed ? [quality] : [];
  return { sharp, image: roundToBytes(image), qualities, kernel, noise, kind, kernelGiven };
}

function paperLikeKernel(random: RandomStream, scale: 2 | 4): BlurKernel<"correlation"> {
  const kind = random.uniform();
  if (kind < WIDE) {
    const shape = drawShape(random, TRAINING_RANGES);
    return naturalKernel(lensKernel({ shape, lens: random.uniformIn(...TRAINING_RANGES.lens) }), scale);
  }
  const x2 =
    kind < WIDE + MOTIONS
      ? randomMotionKernel(random)
      : kind < WIDE + MOTIONS + DISKS
        ? randomDiskKernel(random)
        : randomKernel(random, kind < WIDE + MOTIONS + DISKS + UNEVEN_KERNELS ? KERNEL_NOISE : 0);
  return toNaturalGrid(scale === 2 ? x2 : x4Kernel(x2));
}
