import { ImageError } from "../../image/errors.js";
import type { RgbImage } from "../../image/rgb-image.js";

/** Height and width of a window in pixels. */
export const WINDOW = 32;

/** More windows would take time and add no accuracy: in large images they are further apart. */
export const MAX_WINDOWS = 1024;

/** Hann's function over a window of a side, periodic. */
export function hann(side: number): Float32Array {
  return Float32Array.from({ length: side }, (_, i) => (1 - Math.cos((2 * Math.PI * i) / side)) / 2);
}

/** Sum of the squares of a square window's weights, from those of a side. */
export function energyOf(weights: Float32Array): number {
  return weights.reduce((sum, value) => sum + value ** 2, 0) ** 2;
}

/** Added to each power: that of noise with a standard deviation of a tenth of a gray level. */
export const POWER_FLOOR = (0.1 / 255) ** 2;

/** Top and left of a window. */
export type Corner = readonly [top: number, left: number];

/** Whether an image has room for a window, so that its spectrum can be read. */
export function isLargeEnough({ width, height }: { width: number; height: number }): boolean {
  return Math.min(width, height) >= WINDOW;
}

/**
 * The corners of an image's windows: evenly spaced, half overlapping unless that takes more than {@link MAX_WINDOWS}.
 * @throws {ImageError} if the image is smaller than a window.
 */
export function windowCorners({ width, height }: { width: number; height: number }): Corner[] {
  if (!isLargeEnough({ width, height })) {
    throw new ImageError(
      `The image has ${width}×${height} pixels; to read its spectrum, both sides need at least ${WINDOW} pixels: use the method meta.`,
    );
  }
  const halfOverlapping = (length: number): number => Math.ceil((length - WINDOW) / (WINDOW / 2)) + 1;
  const [rows, columns] = [halfOverlapping(height), halfOverlapping(width)];
  const thinned = Math.min(1, Math.sqrt(MAX_WINDOWS / (rows * columns)));
  const keptRows = Math.min(Math.max(1, Math.floor(rows * thinned)), MAX_WINDOWS);
  const keptColumns = Math.min(columns, Math.floor(MAX_WINDOWS / keptRows));
  const lefts = evenlySpaced(width - WINDOW, keptColumns);
  return evenlySpaced(height - WINDOW, keptRows).flatMap((top) => lefts.map((left): Corner => [top, left]));
}

/** Whole numbers from 0 to last, evenly spaced. */
function evenlySpaced(last: number, count: number): number[] {
  if (count === 1) return [Math.floor(last / 2)];
  return Array.from({ length: count }, (_, i) => Math.round((i * last) / (count - 1)));
}

/**
 * A mixture of the colors of a square window, weighted by Hann's function, row by row.
 * @param mix weights of red, green and blue.
 * @param weights of a side.
 */
export function writeWindow(
  { width, height, data }: RgbImage,
  [top, left]: Corner,
  [red, green, blue]: readonly number[],
  weights: Float32Array,
  out: Float32Array,
): void {
  const side = weights.length;
  const plane = width * height;
  for (let row = 0; row < side; row++) {
    const weight = weights[row];
    for (let column = 0; column < side; column++) {
      const i = (top + row) * width + left + column;
      const value = red * data[i] + green * data[plane + i] + blue * data[2 * plane + i];
      out[row * side + column] = weight * weights[column] * value;
    }
  }
}
