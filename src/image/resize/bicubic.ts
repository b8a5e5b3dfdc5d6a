import { type RgbImage, rgbImage } from "../rgb-image.js";

/** Slope of the cubic at 1 in OpenCV and PyTorch, and so in the paper's figures; Keys takes −½. */
export const BICUBIC_SLOPE = -0.75;

const TAPS = 4;

/** Position of the small image's first pixel on the large grid. */
export type Offset = readonly [row: number, column: number];

/**
 * Enlarges an image by cubic convolution (Keys 1981), its border pixels repeated outward.
 * @param offset by default both images cover the same area.
 */
export function upscaleBicubic(image: RgbImage, scale: number, offset?: Offset): RgbImage {
  const data = upscalePlanes(image.data, image, scale, offset);
  return rgbImage(image.width * scale, image.height * scale, data);
}

/** The same for any number of planes, one after the other. */
export function upscalePlanes(
  planes: Float32Array,
  { width, height }: { readonly width: number; readonly height: number },
  scale: number,
  [top, left]: Offset = [(scale - 1) / 2, (scale - 1) / 2],
): Float32Array {
  const count = planes.length / (width * height);
  const wide = alongLines(planes, { outer: count * height, length: width, inner: 1 }, scale, left);
  return alongLines(wide, { outer: count, length: height, inner: width * scale }, scale, top);
}

/** Enlarges the middle axis of [outer, length, inner] values. */
function alongLines(
  values: Float32Array,
  { outer, length, inner }: { readonly outer: number; readonly length: number; readonly inner: number },
  scale: number,
  offset: number,
): Float32Array {
  const out = new Float32Array(values.length * scale);
  const places = length * scale;
  const { from, weights } = taps(places, length, scale, offset);
  for (let line = 0; line < outer; line++) {
    for (let place = 0; place < places; place++) {
      const target = (line * places + place) * inner;
      for (let tap = TAPS * place; tap < TAPS * (place + 1); tap++) {
        const source = (line * length + from[tap]) * inner;
        const weight = weights[tap];
        for (let i = 0; i < inner; i++) out[target + i] += weight * values[source + i];
      }
    }
  }
  return out;
}

/** For each place on the large grid, its source values on the small one and their weights, which sum to 1. */
function taps(
  places: number,
  length: number,
  scale: number,
  offset: number,
): { from: Int32Array; weights: Float64Array } {
  const from = new Int32Array(TAPS * places);
  const weights = new Float64Array(TAPS * places);
  for (let place = 0; place < places; place++) {
    const middle = (place - offset) / scale;
    for (let tap = 0; tap < TAPS; tap++) {
      const at = Math.floor(middle) - 1 + tap;
      from[TAPS * place + tap] = Math.min(Math.max(at, 0), length - 1);
      weights[TAPS * place + tap] = cubic(middle - at);
    }
  }
  return { from, weights };
}

function cubic(x: number): number {
  const t = Math.abs(x);
  if (t <= 1) return (BICUBIC_SLOPE + 2) * t ** 3 - (BICUBIC_SLOPE + 3) * t ** 2 + 1;
  if (t < 2) return BICUBIC_SLOPE * (t ** 3 - 5 * t ** 2 + 8 * t - 4);
  return 0;
}
