import { ImageError } from "../errors.js";
import type { RgbImage } from "../rgb-image.js";

/**
 * Checks that an image can show its blur.
 * @throws {ImageError} if a value is NaN or infinite, or every pixel has the same color.
 */
export function assertHasDetail({ width, height, data }: RgbImage): void {
  const plane = width * height;
  let flat = true;
  for (let i = 0; i < data.length; i++) {
    const value = data[i];
    if (!Number.isFinite(value)) throw new ImageError("The image has values that are not finite numbers.");
    if (value !== data[i - (i % plane)]) flat = false;
  }
  if (flat) {
    throw new ImageError(
      "The image has one color throughout; its blur cannot be estimated without any detail.",
    );
  }
}
