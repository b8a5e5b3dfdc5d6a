import { type RgbImage, rgbImage } from "../rgb-image.js";
import { wrap } from "../wrap.js";

/** An image continued by its opposite sides, so many pixels at each side. */
export function wrapAround({ width, height, data }: RgbImage, margin: number): RgbImage {
  const [w, h] = [width + 2 * margin, height + 2 * margin];
  const columns = Array.from({ length: w }, (_, x) => wrap(x - margin, width));
  const around = new Float32Array(3 * w * h);
  let i = 0;
  for (let plane = 0; plane < 3; plane++) {
    for (let y = 0; y < h; y++) {
      const row = (plane * height + wrap(y - margin, height)) * width;
      for (const column of columns) around[i++] = data[row + column];
    }
  }
  return rgbImage(w, h, around);
}
