import { orderStatistics } from "../patches/order-statistic.js";
import type { RgbImage } from "../rgb-image.js";

/** Part of the pixels that may be brighter than an image's bright level: lamps, stars, broken pixels. */
const BRIGHTER = 0.001;

/** No more pixels than these are looked at. */
const MAX_SAMPLES = 1_000_000;

/** Bright levels of photos as they are: more than half of the range is used, and rounding may leave it. */
const USUAL_LEAST = 0.5;
export const USUAL_MOST = 1.25;

/**
 * The level that nearly all of an image's pixels stay below, in their brightest channel: scaling the image scales it. The largest
 * value where that is 0, and 1 for a black image.
 */
export function brightLevel({ width, height, data }: RgbImage): number {
  const plane = width * height;
  const step = Math.max(1, Math.floor(plane / MAX_SAMPLES));
  const brightest = Float64Array.from({ length: Math.ceil(plane / step) }, (_, i) => {
    const pixel = i * step;
    return Math.max(0, data[pixel], data[plane + pixel], data[2 * plane + pixel]);
  });
  const [level] = orderStatistics(brightest, Math.floor((1 - BRIGHTER) * (brightest.length - 1)));
  if (level > 0) return level;
  return brightest.reduce((most, value) => Math.max(most, value), 0) || 1;
}

/**
 * The power of two that brings an image's bright level to between ½ and 1: 1 for usual photos, which so stay the same to the bit,
 * and more for data of few bits in a file of many.
 */
export function binaryGain(image: RgbImage): number {
  const level = brightLevel(image);
  return level > USUAL_LEAST && level <= USUAL_MOST ? 1 : 2 ** -Math.ceil(Math.log2(level));
}

/**
 * An image with all values multiplied.
 * @param most larger results are replaced by the ones before: of a broken pixel or a lamp, hardly an edge is left.
 */
export function multiplied(image: RgbImage, factor: number, most = Number.POSITIVE_INFINITY): RgbImage {
  if (factor === 1) return image;
  const data = image.data.slice();
  for (let i = 0; i < data.length; i++) {
    data[i] *= factor;
    if (data[i] > most) data[i] = data[i - 1] ?? most;
  }
  return { ...image, data };
}
