import { tagOf } from "../engine/kind-of.js";
import { ImageError } from "./errors.js";
import { type RgbImage, rgbImage } from "./rgb-image.js";

/** The largest value of an image: highlights of a photo that was brought to the usual range reach it; bytes reach much further. */
export const MAX_VALUE = 4;

/** Values lie in [0, 1], but noise and enlargements reach a little below. */
const MIN_VALUE = -1;

/**
 * Checks that a value is an {@link RgbImage} that can be worked on.
 * @throws {ImageError} if it is of another kind, a side is no whole number from 1 up, or the data are of another kind or
 *   length, not finite, or far outside [0, 1].
 */
export function assertRgbImage(image: RgbImage): void {
  const { width, height, data } = (image ?? {}) as RgbImage;
  if (tagOf(data) !== "Float32Array") {
    throw new ImageError(
      "An RgbImage has width, height and a Float32Array of data: use rgbImage, or fromImageData(imageData).",
    );
  }
  if (!isSide(width) || !isSide(height)) {
    throw new ImageError(
      data.length === 0
        ? "The image has no pixels."
        : `An image's sides are whole numbers of pixels; got ${width}×${height}.`,
    );
  }
  rgbImage(width, height, data);
  for (let i = 0; i < data.length; i++) {
    const value = data[i] as number;
    // A comparison with NaN is false.
    if (value >= MIN_VALUE && value <= MAX_VALUE) continue;
    if (!Number.isFinite(value)) throw new ImageError("The image has values that are not finite.");
    throw new ImageError(`An image's values go from 0 to 1; got ${value}: divide bytes by 255.`);
  }
}

function isSide(length: number): boolean {
  return Number.isInteger(length) && length > 0;
}
