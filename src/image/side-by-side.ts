import { ImageError } from "./errors.js";
import { type RgbImage, rgbImage } from "./rgb-image.js";

/** Pixels of white between the two. */
const GAP = 8;

/** Width of two images of this width beside each other. */
export function besideWidth(width: number): number {
  return 2 * width + GAP;
}

/**
 * Two images of one size beside each other, with white between them.
 * @throws {ImageError} if they differ in size.
 */
export function sideBySide(left: RgbImage, right: RgbImage): RgbImage {
  const { width, height } = left;
  if (width !== right.width || height !== right.height) {
    throw new ImageError(
      `Images side by side must have the same size; got ${width}×${height} and ${right.width}×${right.height}.`,
    );
  }
  const whole = besideWidth(width);
  const data = new Float32Array(3 * height * whole).fill(1);
  for (let line = 0; line < 3 * height; line++) {
    const row = (image: RgbImage) => image.data.subarray(line * width, (line + 1) * width);
    data.set(row(left), line * whole);
    data.set(row(right), line * whole + width + GAP);
  }
  return rgbImage(whole, height, data);
}
