import { RandomStream } from "../../engine/random.js";
import { RANDOM_STREAMS } from "../../engine/random-streams.js";
import { type RgbImage, rgbImage } from "../../image/rgb-image.js";
import { roundToBytes } from "../../image/round-to-bytes.js";
import { blurAndSample } from "../../kernel/blur-and-sample.js";
import type { BlurKernel } from "../../kernel/blur-kernel.js";
import { type CameraRanges, TRAINING_RANGES } from "../../kernel/degradation/camera/ranges.js";
import { drawRecipe, drawShape } from "../../kernel/degradation/camera/recipe.js";
import { develop, expose } from "../../kernel/degradation/camera/take-photo.js";
import type { LensBlur } from "../../kernel/families/blur-shape.js";
import { KERNEL_NOISE } from "../../kernel/families/kernel-distribution.js";
import { lensKernel } from "../../kernel/families/lens-kernel.js";
import { randomDiskKernel, randomMotionKernel } from "../../kernel/families/motion-and-disk-kernels.js";
import { randomKernel } from "../../kernel/families/random-kernel.js";
import { paperKernel } from "../../kernel/families/wide-kernels.js";
import { x2Kernel } from "../../kernel/families/x2-kernel.js";
import { x4Kernel } from "../../kernel/families/x4-kernel.js";
import { naturalKernel, toNaturalGrid } from "../../kernel/natural-kernel.js";
import { photoPart } from "../photo-part.js";

/** Part of the scenes that a camera takes unless another is given, at times out of focus or shaken by more than its ranges say. */
const CAMERAS = 0.5;
const WIDE_CAMERA = 0.12;

/** Parts of the others by kind of kernel; the rest are the paper's Gaussians. */
const UNEVEN_KERNELS = 0.2;
const MOTIONS = 0.13;
const DISKS = 0.13;
const LENSES = 0.12;

/** Of the photos that no camera took: part with white noise, its largest level in 255ths, part with JPEG unless another is given, its qualities. */
const NOISY = 0.5;
const MAX_NOISE = 20;
const COMPRESSED = 0.15;
const QUALITIES = [30, 98] as const;

/** Blur of a lens far out of focus or of a long shake. */
const WIDE_RANGES: CameraRanges = {
  ...TRAINING_RANGES,
  sigma: [1.5, 4.5],
  radius: [3, 8],
  length: [8, 20],
};

/** Photos that are made of each scene. */
export const PHOTOS = 3;

/** The families of kernels of a scene. */
export const BLUR_FAMILIES = [
  "gaussian",
  "uneven",
  "motion",
  "disk",
  "lens",
  "camera",
  "wide camera",
] as const;
export type BlurFamily = (typeof BLUR_FAMILIES)[number];

/** A small picture and the truth to read off its spectrum. */
export interface ScenePhoto {
  /** In 8 bits, before JPEG. */
  readonly image: RgbImage;
  /** The same without noise and without rounding or, of a camera, in 8 bits. */
  readonly noiseFree: RgbImage;
  /** JPEG qualities with which the image is still to be compressed, one after the other. */
  readonly qualities: readonly number[];
  /** Standard deviation of its white noise in 255ths; undefined for a camera's noise. */
  readonly whiteNoise?: number;
  readonly unsharp: number;
  readonly resize: number;
}

/** Part of a photo under one blur, and several pictures of it that differ in noise, processing and JPEG. */
export interface BlurScene {
  readonly family: BlurFamily;
  /**
   * The ×2 kernel on the natural grid, with the mean over a sensor's pixel; of a ×4 scene the ×2 kernel from which the paper's ×4
   * kernel follows or, of a lens or a camera, one that would give the same covariance.
   */
  readonly kernel: BlurKernel<"correlation">;
  readonly photos: readonly ScenePhoto[];
}

/** What scenes are made of. */
export interface SceneChoice {
  /** 2 unless given. */
  readonly scale?: 2 | 4;
  /** Width of the sharp part. */
  readonly width: number;
  /** Height of the sharp part. */
  readonly height: number;
  /** Takes the paper's kernels alone, with and without kernel noise. */
  readonly paper?: boolean;
  /** Takes wide blur alone, half of it by cameras; not together with `paper`. */
  readonly wide?: boolean;
  /** Part of the scenes that a camera takes; none of the paper's. */
  readonly cameras?: number;
  /** Part of the photos that no camera took with JPEG. */
  readonly compressed?: number;
}

/** The scene of a number, which depends on the choice, the seed and the number alone. */
export function blurScene(
  images: readonly RgbImage[],
  choice: SceneChoice,
  seed: number,
  number: number,
): BlurScene {
  const {
    width,
    height,
    scale = 2,
    paper = false,
    wide = false,
    cameras = CAMERAS,
    compressed = COMPRESSED,
  } = choice;
  const random = new RandomStream(seed, RANDOM_STREAMS.blurScene, number);
  const sharp = photoPart(images, width, height, random);
  const byCamera = random.uniform() < cameras && !paper;
  return byCamera
    ? cameraScene(sharp, scale, wide ? 1 : WIDE_CAMERA, random)
    : plainScene(sharp, { scale, paper, wide, compressed }, random);
}

function cameraScene(sharp: RgbImage, scale: 2 | 4, wideShare: number, random: RandomStream): BlurScene {
  const wide = random.uniform() < wideShare;
  const ranges = wide ? WIDE_RANGES : TRAINING_RANGES;
  const { blur, resize } = drawRecipe(random, ranges);
  const exposure = expose(sharp, { blur, resize }, scale);
  const photos = Array.from({ length: PHOTOS }, (): ScenePhoto => {
    const recipe = { ...drawRecipe(random, ranges), blur, resize };
    const { qualities, unsharp } = recipe;
    const image = develop(exposure, recipe, random);
    return { image, noiseFree: develop(exposure, recipe), qualities, unsharp, resize };
  });
  return { family: wide ? "wide camera" : "camera", kernel: x2Kernel(exposure.kernel), photos };
}

function plainScene(
  sharp: RgbImage,
  { scale, paper, wide, compressed }: Required<Omit<SceneChoice, "width" | "height" | "cameras">>,
  random: RandomStream,
): BlurScene {
  const { family, kernel, blur } = wide ? wideBlur(scale, random) : plainBlur(scale, paper, random);
  const noiseFree = blurAndSample(sharp, blur, scale);
  const photos = Array.from({ length: PHOTOS }, (): ScenePhoto => {
    const whiteNoise = random.uniform() < NOISY ? random.uniformIn(0, MAX_NOISE) : 0;
    const qualities = random.uniform() < compressed ? [Math.round(random.uniformIn(...QUALITIES))] : [];
    const data = noiseFree.data.map((value) => value + (whiteNoise / 255) * random.normal());
    const image = roundToBytes(rgbImage(noiseFree.width, noiseFree.height, data));
    return { image, noiseFree, qualities, whiteNoise, unsharp: 0, resize: 1 };
  });
  return { family, kernel, photos };
}

/** A blur, and the ×2 kernel by which it is known. */
interface PlainBlur {
  readonly family: BlurFamily;
  readonly kernel: BlurKernel<"correlation">;
  readonly blur: BlurKernel<"correlation">;
}

/** Half of it without the mean over a sensor's pixel, as the benchmarks have it. */
function wideBlur(scale: 2 | 4, random: RandomStream): PlainBlur {
  const shape = drawShape(random, WIDE_RANGES);
  const blur = { shape, lens: random.uniformIn(...WIDE_RANGES.lens) };
  const isMean = random.uniform() < 0.5;
  return isMean ? lensBlur(blur, scale) : paperBlur("lens", paperKernel(blur), scale);
}

function plainBlur(scale: 2 | 4, paper: boolean, random: RandomStream): PlainBlur {
  const kind = random.uniformIn(paper ? LENSES + MOTIONS + DISKS : 0, 1);
  if (kind < LENSES) {
    const ranges = random.uniform() < 0.5 ? WIDE_RANGES : TRAINING_RANGES;
    const shape = drawShape(random, ranges);
    return lensBlur({ shape, lens: random.uniformIn(...ranges.lens) }, scale);
  }
  if (kind < LENSES + MOTIONS) return paperBlur("motion", randomMotionKernel(random), scale);
  if (kind < LENSES + MOTIONS + DISKS) return paperBlur("disk", randomDiskKernel(random), scale);
  const uneven = kind < LENSES + MOTIONS + DISKS + UNEVEN_KERNELS;
  return paperBlur(uneven ? "uneven" : "gaussian", randomKernel(random, uneven ? KERNEL_NOISE : 0), scale);
}

/** A lens's blur and the mean over a sensor's pixel. */
function lensBlur(lens: LensBlur, scale: 2 | 4): PlainBlur {
  const blur = naturalKernel(lensKernel(lens), scale);
  return { family: "lens", kernel: x2Kernel(blur), blur };
}

/** The blur of a ×2 kernel on the paper's grid: by that kernel or by the ×4 kernel that follows from it. */
function paperBlur(family: BlurFamily, x2: BlurKernel<"correlation">, scale: 2 | 4): PlainBlur {
  const kernel = toNaturalGrid(x2);
  return { family, kernel, blur: scale === 2 ? kernel : toNaturalGrid(x4Kernel(x2)) };
}
