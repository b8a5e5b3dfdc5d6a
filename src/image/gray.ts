import { type RgbImage, rgbImage } from "./rgb-image.js";

/** The noise of a photo's brightness (BT.601) where that of its colors is 1, and white. */
export const BRIGHTNESS_NOISE = Math.hypot(0.299, 0.587, 0.114);

/** Whether every pixel has equal red, green and blue. */
export function isGray({ width, height, data }: RgbImage): boolean {
  const plane = width * height;
  for (let i = 0; i < plane; i++) {
    if (data[i] !== data[plane + i] || data[i] !== data[2 * plane + i]) return false;
  }
  return true;
}

/** The image with its brightness (BT.601) in all three planes. */
export function toGray({ width, height, data }: RgbImage): RgbImage {
  const plane = width * height;
  const gray = new Float32Array(3 * plane);
  for (let i = 0; i < plane; i++) {
    gray[i] = 0.299 * data[i] + 0.587 * data[plane + i] + 0.114 * data[2 * plane + i];
  }
  gray.copyWithin(plane, 0, plane);
  gray.copyWithin(2 * plane, 0, plane);
  return rgbImage(width, height, gray);
}
