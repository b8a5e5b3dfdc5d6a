import type { RgbImage } from "./rgb-image.js";

/** Clips and rounds an image, in place, to what a file of 8 bits holds: multiples of 1/255. Returns it. */
export function roundToBytes(image: RgbImage): RgbImage {
  const { data } = image;
  for (let i = 0; i < data.length; i++) {
    data[i] = Math.round(255 * Math.min(Math.max(data[i], 0), 1)) / 255;
  }
  return image;
}
