import { type RgbImage, rgbImage } from "./rgb-image.js";

/** A transparent image as it looks on white paper. */
export function onWhite({ width, height, data }: RgbImage, alpha: Float32Array): RgbImage {
  const plane = width * height;
  const laid = data.map((value, i) => value * alpha[i % plane] + 1 - alpha[i % plane]);
  return rgbImage(width, height, laid);
}
