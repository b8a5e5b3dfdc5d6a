import { assertRgbImage } from "../assert-rgb-image.js";
import { ImageError } from "../errors.js";
import type { RgbImage } from "../rgb-image.js";

/** Whether every pixel has the same color. */
export function isFlat({ width, height, data }: RgbImage): boolean {
  const plane = width * height;
  return data.every((value, i) => value === data[i - (i % plane)]);
}

/**
 * Checks that a value is an image that can show its blur.
 * @throws {ImageError} as {@link assertRgbImage}, or if every pixel has the same color.
 */
export function assertHasDetail(image: RgbImage): void {
  assertRgbImage(image);
  if (isFlat(image)) {
    throw new ImageError("The image has one color throughout: it shows no blur.");
  }
}
