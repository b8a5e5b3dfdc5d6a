import { ImageError } from "./errors.js";

/** A color image in memory: three planes, red, green, blue, row by row, values in [0, 1]. */
export interface RgbImage {
  readonly width: number;
  readonly height: number;
  /** `3 · height · width` values. */
  readonly data: Float32Array;
}

/**
 * Makes an image of planar data.
 * @throws {ImageError} if the number of values does not fit the size.
 */
export function rgbImage(width: number, height: number, data: Float32Array): RgbImage {
  if (data.length !== 3 * width * height) {
    throw new ImageError(
      `An RGB image of ${width}×${height} has ${3 * width * height} values; got ${data.length}.`,
    );
  }
  return { width, height, data };
}
