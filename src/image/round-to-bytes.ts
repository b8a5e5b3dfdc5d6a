import type { RgbImage } from "./rgb-image.js";

/** Clips and rounds an image in place to the values of an 8-bit file, multiples of 1/255, and returns it. */
export function roundToBytes(image: RgbImage): RgbImage {
  const { data } = image;
  for (let i = 0; i < data.length; i++) {
    data[i] = Math.round(255 * Math.min(Math.max(data[i], 0), 1)) / 255;
  }
  return image;
}
