import type { RandomStream } from "../engine/random.js";
import { ImageError } from "../image/errors.js";
import { gradientMap } from "../image/patches/gradient-map.js";
import { probabilityMap } from "../image/patches/probability-map.js";
import { patchCorner } from "../image/patches/sample-patches.js";
import { type RgbImage, rgbImage } from "../image/rgb-image.js";

/** Side length in pixels of the crops that trainings take unless they say otherwise: the paper's. */
export const CROP_SIZE = 192;

/** A training image, ready to draw crops from. */
export interface TrainingImage {
  readonly width: number;
  readonly height: number;
  /** Three planes of bytes: they take a quarter of the memory of floats, and hold all of an 8-bit file. */
  readonly planes: Uint8Array;
  /** Running sums of the probability of each pixel to be the center of a crop. */
  readonly cumulative: Float32Array;
}

/**
 * Prepares an image. Crops are drawn where its gradient map has detail.
 * @param cropSize side length of the crops in pixels.
 * @throws {ImageError} if the image is smaller than a crop.
 */
export function trainingImage(image: RgbImage, cropSize = CROP_SIZE): TrainingImage {
  const { width, height, data } = image;
  if (Math.min(width, height) < cropSize) {
    throw new ImageError(
      `A training image has at least ${cropSize}×${cropSize} pixels; this is ${width}×${height}.`,
    );
  }
  const map = probabilityMap(gradientMap(image), height, width, cropSize);
  const cumulative = new Float32Array(map.length);
  let sum = 0;
  map.forEach((probability, i) => {
    sum += probability;
    cumulative[i] = sum;
  });
  return { width, height, planes: Uint8Array.from(data, (value) => Math.round(255 * value)), cumulative };
}

/** A square crop drawn by the gradient map, then flipped and transposed at random. */
export function randomCrop(
  { width, height, planes, cumulative }: TrainingImage,
  random: RandomStream,
  size: number,
): RgbImage {
  const [top, left] = patchCorner(random.choice(cumulative), height, width, size);
  const [flipX, flipY, transpose] = [random, random, random].map((r) => r.uniform() < 0.5);
  const data = new Float32Array(3 * size ** 2);
  let index = 0;
  for (let plane = 0; plane < 3; plane++) {
    for (let row = 0; row < size; row++) {
      for (let column = 0; column < size; column++) {
        const [r, c] = transpose ? [column, row] : [row, column];
        const y = top + (flipY ? size - 1 - r : r);
        const x = left + (flipX ? size - 1 - c : c);
        data[index++] = (planes[(plane * height + y) * width + x] as number) / 255;
      }
    }
  }
  return rgbImage(size, size, data);
}
