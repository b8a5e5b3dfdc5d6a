import { ImageError } from "../errors.js";
import { type RgbImage, rgbImage } from "../rgb-image.js";
import { wrap } from "../wrap.js";

/** Smallest side of an image whose blur can be estimated. */
export const MIN_IMAGE_SIDE = 16;

/**
 * Repeats a small image around itself until both sides have `minimum` pixels; an image that is large enough is returned
 * as it is. Half of the missing rows and columns come before the image and the rest, one more where their number is
 * odd, after it. (The published code repeats half of the rows below a second time; that looks like a slip and is not
 * copied.)
 * @throws {ImageError} if a side has fewer than 16 pixels.
 */
export function padCircular(image: RgbImage, minimum = 64): RgbImage {
  const { width, height, data } = image;
  if (Math.min(width, height) < MIN_IMAGE_SIDE) {
    throw new ImageError(
      `The image has ${width}×${height} pixels; to estimate its blur, both sides need at least ${MIN_IMAGE_SIDE} pixels.`,
    );
  }
  if (Math.min(width, height) >= minimum) return image;
  const rows = wrappedIndices(height, minimum);
  const columns = wrappedIndices(width, minimum);
  const padded = new Float32Array(3 * rows.length * columns.length);
  let i = 0;
  for (let channel = 0; channel < 3; channel++) {
    for (const row of rows) {
      for (const column of columns) padded[i++] = data[(channel * height + row) * width + column];
    }
  }
  return rgbImage(columns.length, rows.length, padded);
}

/** For each row (column) of the padded image, the row of the image that it repeats. */
function wrappedIndices(length: number, minimum: number): number[] {
  const missing = Math.max(minimum - length, 0);
  const before = Math.floor(missing / 2);
  return Array.from({ length: length + missing }, (_, i) => wrap(i - before, length));
}
