import { type RgbImage, rgbImage } from "../rgb-image.js";
import { wrap } from "../wrap.js";

/** A pixel of an image. */
export interface Pixel {
  readonly row: number;
  readonly column: number;
}

/** An image whose opposite sides meet, rolled so that a pixel becomes its first. */
export function rollImage({ width, height, data }: RgbImage, first: Pixel): RgbImage {
  return rgbImage(width, height, rollPlanes(data, { width, height }, first));
}

/** The same for any number of planes, each of `height · width` values. */
export function rollPlanes(
  data: Float32Array,
  { width, height }: { readonly width: number; readonly height: number },
  { row, column }: Pixel,
): Float32Array {
  const rolled = new Float32Array(data.length);
  const start = wrap(column, width);
  for (let line = 0; line * width < data.length; line++) {
    const y = line % height;
    const from = (line - y + wrap(y + row, height)) * width;
    rolled.set(data.subarray(from + start, from + width), line * width);
    rolled.set(data.subarray(from, from + start), (line + 1) * width - start);
  }
  return rolled;
}
