import { type RgbImage, rgbImage } from "./rgb-image.js";

/** A part of an image. */
export function cropImage(
  image: RgbImage,
  { left, top, width, height }: { left: number; top: number; width: number; height: number },
): RgbImage {
  const data = new Float32Array(3 * height * width);
  for (let line = 0; line < 3 * height; line++) {
    const row = Math.floor(line / height) * image.height + top + (line % height);
    const start = row * image.width + left;
    data.set(image.data.subarray(start, start + width), line * width);
  }
  return rgbImage(width, height, data);
}
