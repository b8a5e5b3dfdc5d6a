import { type RgbImage, rgbImage } from "../rgb-image.js";

/**
 * Makes an image smaller, each pixel the mean of the area that it covers, fractions of pixels included.
 * @param width,height of the result; at most those of the image.
 */
export function shrink(image: RgbImage, width: number, height: number): RgbImage {
  const narrow = alongLines(image.data, { outer: 3 * image.height, length: image.width, inner: 1 }, width);
  return rgbImage(
    width,
    height,
    alongLines(narrow, { outer: 3, length: image.height, inner: width }, height),
  );
}

/** Shrinks the middle axis of [outer, length, inner] values. */
function alongLines(
  values: Float32Array,
  { outer, length, inner }: { readonly outer: number; readonly length: number; readonly inner: number },
  places: number,
): Float32Array {
  const out = new Float32Array(outer * places * inner);
  const step = length / places;
  for (let place = 0; place < places; place++) {
    const [begin, end] = [place * step, (place + 1) * step];
    for (let from = Math.floor(begin); from < Math.min(Math.ceil(end), length); from++) {
      const weight = (Math.min(end, from + 1) - Math.max(begin, from)) / step;
      for (let line = 0; line < outer; line++) {
        const target = (line * places + place) * inner;
        const source = (line * length + from) * inner;
        for (let i = 0; i < inner; i++) out[target + i] += weight * values[source + i];
      }
    }
  }
  return out;
}
