import type { RgbImage } from "../../image/rgb-image.js";
import { BRIGHTNESS } from "./spectrum-analyzer.js";
import { type Corner, WINDOW } from "./windows.js";

/** Side of JPEG's blocks. */
const SIDE = 8;
const BLOCK = SIDE ** 2;

/** Numbers that say what JPEG does to an image: four of steps, then two for each coefficient of a block. */
export const JPEG_NUMBERS = 4 + 2 * BLOCK;

/** More blocks would take time and add no accuracy: in large images they are further apart. */
const MAX_BLOCKS = 2048;

/** Orthonormal DCT-II: [frequency, place]. */
const DCT = Float64Array.from(
  { length: BLOCK },
  (_, i) =>
    Math.sqrt((i < SIDE ? 1 : 2) / SIDE) * Math.cos((Math.PI * (2 * (i & 7) + 1) * (i >> 3)) / (2 * SIDE)),
);

/**
 * What JPEG does to the 8×8 grid of an image's brightness. For steps from column to column, then from row to row: the logarithm of
 * the mean step at the grid's edges over that elsewhere, and the same for the middle of the blocks. Then for each of the 64
 * coefficients of a block the logarithm of its mean size, and for each how often it is about 0.
 * @param corners of the windows that show the blur: only blocks within them count.
 */
export function jpegNumbers({ width, height, data }: RgbImage, corners: readonly Corner[]): Float32Array {
  const plane = width * height;
  const gray = (pixel: number): number =>
    BRIGHTNESS.reduce((sum, weight, color) => sum + 255 * weight * data[color * plane + pixel], 0);
  const blocks = blocksWithin(corners, width);
  const every = Math.ceil(blocks.length / MAX_BLOCKS);
  const some = blocks.filter((_, i) => i % every === 0);
  // Sums of steps after each place of a block: from column to column, then from row to row.
  const steps = new Float64Array(2 * SIDE);
  const sizes = new Float64Array(BLOCK);
  const zeros = new Float64Array(BLOCK);
  for (const first of some) {
    const block = sizes.map((_, i) => {
      const pixel = first + (i >> 3) * width + (i & 7);
      const here = gray(pixel);
      steps[i & 7] += Math.abs(gray(pixel + 1) - here);
      steps[SIDE + (i >> 3)] += Math.abs(gray(pixel + width) - here);
      return here;
    });
    transformRows(transformRows(block)).forEach((value, i) => {
      sizes[i] += Math.abs(value);
      if (Math.abs(value) < 0.5) zeros[i]++;
    });
  }
  const count = some.length;
  const ratio = (first: number, place: number): number => {
    const means = steps.subarray(first, first + SIDE).map((sum) => sum / SIDE / count + 255e-5);
    const others = means.reduce((a, b) => a + b) - means[place];
    return Math.log(((SIDE - 1) * means[place]) / others);
  };
  return Float32Array.of(
    ...[0, SIDE].flatMap((first) => [ratio(first, 7), ratio(first, 3)]),
    ...sizes.map((sum) => Math.log(sum / count + 0.05)),
    ...zeros.map((sum) => sum / count),
  );
}

/** The first pixels of the grid's blocks that lie within windows, with the row and the column after them; each once. */
function blocksWithin(windows: readonly Corner[], width: number): number[] {
  const blocks = new Set<number>();
  for (const [top, left] of windows) {
    for (let y = SIDE * Math.ceil(top / SIDE); y + SIDE < top + WINDOW; y += SIDE) {
      for (let x = SIDE * Math.ceil(left / SIDE); x + SIDE < left + WINDOW; x += SIDE)
        blocks.add(y * width + x);
    }
  }
  return [...blocks];
}

/** Transforms the rows of a block, which become columns. */
function transformRows(block: Float64Array): Float64Array {
  return block.map((_, i) => {
    let sum = 0;
    for (let j = 0; j < SIDE; j++) sum += DCT[(i & ~7) + j] * block[SIDE * (i & 7) + j];
    return sum;
  });
}
