import { RandomStream } from "../engine/random.js";
import { randomKernel } from "../model/degradation/random-kernel.js";
import { ImageError } from "../model/errors.js";
import { type RgbImage, rgbImage } from "../model/image.js";
import { gradientMap } from "../model/patches/gradient-map.js";
import { probabilityMap } from "../model/patches/probability-map.js";
import { patchCorner } from "../model/patches/sample-patches.js";
import { FAKE_SIZE } from "./gan-step.js";
import { CROP_SIZE, SON_SIZE } from "./meta-evaluation.js";
import type { MetaTask, SharpImage } from "./meta-step.js";

const TASK_STREAM = 1002;

/** A training image, ready to draw crops from. */
export interface TrainingImage {
  readonly width: number;
  readonly height: number;
  /** Three planes of bytes: a quarter of the memory of floats, and all that an 8-bit file holds. */
  readonly planes: Uint8Array;
  /** Running sums of the probability of each pixel to be the centre of a crop. */
  readonly cumulative: Float32Array;
}

/**
 * Prepares an image: its gradient map says where crops are worth taking.
 * @throws {ImageError} if it is smaller than a crop.
 */
export function trainingImage(image: RgbImage): TrainingImage {
  const { width, height, data } = image;
  if (Math.min(width, height) < CROP_SIZE) {
    throw new ImageError(
      `A training image has at least ${CROP_SIZE}×${CROP_SIZE} pixels; this is ${width}×${height}.`,
    );
  }
  const map = probabilityMap(gradientMap(image), height, width, CROP_SIZE);
  const cumulative = new Float32Array(map.length);
  let sum = 0;
  map.forEach((probability, i) => {
    sum += probability;
    cumulative[i] = sum;
  });
  return { width, height, planes: Uint8Array.from(data, (value) => Math.round(255 * value)), cumulative };
}

/** How many windows a task needs. */
export interface TaskShape {
  readonly innerSteps: number;
  readonly evaluations: number;
}

/**
 * The task of a number: crop, flips, kernel and windows depend on the seed and the number alone, so a resumed run goes on
 * as an unbroken one would (MetaKernelGAN, section 4.1).
 */
export function metaTask(
  images: readonly TrainingImage[],
  { innerSteps, evaluations }: TaskShape,
  seed: number,
  number: number,
): MetaTask<SharpImage> {
  const random = new RandomStream(seed, TASK_STREAM, number);
  const below = (limit: number): number => Math.floor(limit * random.uniform());
  const image = randomCrop(images[below(images.length)] as TrainingImage, random);
  const kernel = randomKernel(random);
  const windows = (count: number): number[] =>
    Array.from({ length: 2 * count }, () => below(SON_SIZE - FAKE_SIZE + 1));
  return {
    images: { image },
    kernel: kernel.values,
    windows: windows(innerSteps),
    evaluationWindows: windows(evaluations),
  };
}

/** A crop drawn by the gradient map, then flipped and transposed at random. */
function randomCrop({ width, height, planes, cumulative }: TrainingImage, random: RandomStream): RgbImage {
  const [top, left] = patchCorner(random.choice(cumulative), height, width, CROP_SIZE);
  const [flipX, flipY, transpose] = [random, random, random].map((r) => r.uniform() < 0.5);
  const data = new Float32Array(3 * CROP_SIZE ** 2);
  let index = 0;
  for (let plane = 0; plane < 3; plane++) {
    for (let row = 0; row < CROP_SIZE; row++) {
      for (let column = 0; column < CROP_SIZE; column++) {
        const [r, c] = transpose ? [column, row] : [row, column];
        const y = top + (flipY ? CROP_SIZE - 1 - r : r);
        const x = left + (flipX ? CROP_SIZE - 1 - c : c);
        data[index++] = (planes[(plane * height + y) * width + x] as number) / 255;
      }
    }
  }
  return rgbImage(CROP_SIZE, CROP_SIZE, data);
}
