import type { RgbImage } from "../../image/rgb-image.js";
import { type Corner, WINDOW } from "./windows.js";

/** Side of JPEG's blocks. */
const SIDE = 8;
const BLOCK = SIDE ** 2;

/** Numbers that say what JPEG does to an image: four of steps, then two for each coefficient of a block. */
export const JPEG_NUMBERS = 4 + 2 * BLOCK;

/** More blocks would take time and add no accuracy: in large images they are further apart. */
const MAX_BLOCKS = 2048;

/** Side of a block with the row and the column after it. */
const PATCH = SIDE + 1;

/** Orthonormal DCT-II: [frequency, place]. */
const DCT = Float64Array.from(
  { length: BLOCK },
  (_, i) =>
    Math.sqrt((i < SIDE ? 1 : 2) / SIDE) *
    Math.cos((Math.PI * (2 * (i % SIDE) + 1) * Math.floor(i / SIDE)) / (2 * SIDE)),
);

/**
 * What JPEG does to the 8×8 grid of an image's brightness. For steps from column to column, then from row to row: the logarithm of
 * the mean step at the grid's edges over that elsewhere, and the same for the middle of the blocks. Then for each of the 64
 * coefficients of a block the logarithm of its mean size, and for each how often it is about 0.
 * @param corners of the windows that show the blur: only blocks within them count.
 */
export function jpegNumbers(image: RgbImage, corners: readonly Corner[]): Float32Array {
  const blocks = blocksWithin(corners);
  const every = Math.ceil(blocks.length / MAX_BLOCKS);
  const some = blocks.filter((_, i) => i % every === 0);
  // Steps after each place of a block: from column to column, then from row to row.
  const steps = new Float64Array(2 * SIDE);
  const sizes = new Float64Array(BLOCK);
  const zeros = new Float64Array(BLOCK);
  for (const block of some) {
    const patch = brightnessPatch(image, block);
    for (let i = 0; i < BLOCK; i++) {
      const [y, x] = [i >> 3, i & 7];
      const here = patch[y * PATCH + x];
      steps[x] += Math.abs(patch[y * PATCH + x + 1] - here) / SIDE;
      steps[SIDE + y] += Math.abs(patch[(y + 1) * PATCH + x] - here) / SIDE;
    }
    cosineTransform(patch).forEach((value, i) => {
      sizes[i] += Math.abs(value);
      if (Math.abs(value) < 0.5) zeros[i]++;
    });
  }
  const count = some.length;
  const ratio = (first: number, place: number): number => {
    const means = steps.subarray(first, first + SIDE).map((sum) => sum / count + 255e-5);
    const total = means.reduce((sum, value) => sum + value, 0);
    return Math.log(((SIDE - 1) * means[place]) / (total - means[place]));
  };
  return Float32Array.of(
    ...[0, SIDE].flatMap((first) => [ratio(first, 7), ratio(first, 3)]),
    ...sizes.map((sum) => Math.log(sum / count + 0.05)),
    ...zeros.map((sum) => sum / count),
  );
}

/** The corners of the grid's blocks that lie within windows, with the row and the column after them; each once. */
function blocksWithin(windows: readonly Corner[]): Corner[] {
  const blocks = new Map<string, Corner>();
  for (const [top, left] of windows) {
    for (let y = SIDE * Math.ceil(top / SIDE); y + PATCH <= top + WINDOW; y += SIDE) {
      for (let x = SIDE * Math.ceil(left / SIDE); x + PATCH <= left + WINDOW; x += SIDE) {
        blocks.set(`${y},${x}`, [y, x]);
      }
    }
  }
  return [...blocks.values()];
}

/** The brightness in 255ths of 9×9 pixels. */
function brightnessPatch({ width, height, data }: RgbImage, [top, left]: Corner): Float64Array {
  const plane = width * height;
  return Float64Array.from({ length: PATCH ** 2 }, (_, i) => {
    const pixel = (top + Math.floor(i / PATCH)) * width + left + (i % PATCH);
    return 255 * (0.299 * data[pixel] + 0.587 * data[plane + pixel] + 0.114 * data[2 * plane + pixel]);
  });
}

/** The 64 coefficients of a patch's block. */
function cosineTransform(patch: Float64Array): Float64Array {
  const half = new Float64Array(BLOCK);
  const whole = new Float64Array(BLOCK);
  for (let i = 0; i < BLOCK; i++) {
    for (let j = 0; j < SIDE; j++) half[i] += DCT[(i & ~7) + j] * patch[j * PATCH + (i & 7)];
  }
  for (let i = 0; i < BLOCK; i++) {
    for (let j = 0; j < SIDE; j++) whole[i] += half[(i & ~7) + j] * DCT[8 * (i & 7) + j];
  }
  return whole;
}
