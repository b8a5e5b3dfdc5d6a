import { type RgbImage, rgbImage } from "./rgb-image.js";

/** An image whose rows are the columns of another. */
export function transposeImage({ width, height, data }: RgbImage): RgbImage {
  const out = new Float32Array(data.length);
  for (let plane = 0; plane < 3; plane++) {
    for (let y = 0; y < height; y++) {
      for (let x = 0; x < width; x++) {
        out[(plane * width + x) * height + y] = data[(plane * height + y) * width + x];
      }
    }
  }
  return rgbImage(height, width, out);
}
