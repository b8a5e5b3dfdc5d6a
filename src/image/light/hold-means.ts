import { boxMean } from "../patches/box-mean.js";
import { enlargeLinearly } from "../resize/linear.js";
import { type RgbImage, rgbImage } from "../rgb-image.js";

/** Rounds of correction; each leaves a half or less of what is missing, where some pixels of the surroundings are not at a limit. */
const MAX_ROUNDS = 10;

/** A local mean this near to its target is good: a quarter of a level of 8 bits. */
const TOLERANCE = 1 / 1024;

/** With more noise than this, corrections must not spread to where noise alone may be the reason. */
const MAX_SMOOTHED = 1 / 255;

/** Where fewer pixels than this part can still change, others would have to change too much. */
const MIN_FREE = 0.1;

/** Means of one width that are held. */
export interface HeldMeans {
  /** Standard deviation of the weights of a mean, in squares. */
  readonly sigma: number;
  /** A difference that noise alone could make: smaller ones are left, larger ones shrunk. */
  readonly noise: number;
}

/** Options of {@link holdMeans}. */
export interface HoldMeansOptions extends HeldMeans {
  /** The picture's least and largest value. */
  readonly range: readonly [least: number, largest: number];
  /** Side of the squares over which pixels are averaged first; both sides of the picture are multiples of it. */
  readonly block: number;
  /** Awaited between rounds; if it throws, no more is done. For a large picture a round takes a tenth of a second or more. */
  readonly pause?: () => Promise<void>;
}

/**
 * Clips a picture to its range and gives it the local means of another, which may exceed the range. Clipping alone would darken or
 * brighten patterns of high contrast, and networks do so as well.
 */
export async function holdMeans(
  { width, height, data }: RgbImage,
  means: RgbImage,
  { range: [least, largest], block, sigma, noise, pause }: HoldMeansOptions,
): Promise<RgbImage> {
  const clip = (value: number): number => Math.min(Math.max(value, least), largest);
  const held = data.map(clip);
  const size = { width: width / block, height: height / block };
  const radius = Math.max(1, Math.round((Math.sqrt(6 * sigma ** 2 + 1) - 1) / 2));
  const smooth = smoothing(size, 2 * radius + 1);
  const localMeans = (pixels: Float32Array): Float64Array => smooth(squareMeans(pixels, width, block));
  const plane = width * height;
  for (let start = 0; start < 3 * plane; start += plane) {
    const pixels = held.subarray(start, start + plane);
    let found = localMeans(pixels);
    const wanted = localMeans(means.data.subarray(start, start + plane)).map((value, i) =>
      clip(found[i] + shrunk(value - found[i], noise)),
    );
    for (let round = 0; round < MAX_ROUNDS; round++) {
      await pause?.();
      let missing: Float64Array = wanted.map((value, i) => value - found[i]);
      if (missing.every((value) => Math.abs(value) < TOLERANCE)) break;
      // Of a pattern, pixels may be at the limit wherever a mean should rise, and nowhere else: only a wider mean then comes right.
      if (round % 2 > 0 && noise <= MAX_SMOOTHED) missing = smooth(missing);
      const direction = enlargeLinearly(missing, size, block);
      for (let i = 0; i < plane; i++) {
        direction[i] = (direction[i] > 0 ? pixels[i] < largest : pixels[i] > least) ? 1 : 0;
      }
      // Of each surroundings the part that is not at the limit towards which its mean should go.
      const free = localMeans(direction);
      for (let i = 0; i < free.length; i++) missing[i] /= Math.max(free[i], MIN_FREE);
      const change = enlargeLinearly(missing, size, block);
      for (let i = 0; i < plane; i++) pixels[i] = clip(pixels[i] + change[i]);
      found = localMeans(pixels);
    }
  }
  return rgbImage(width, height, held);
}

/** A difference less what noise may have made of it. */
function shrunk(difference: number, noise: number): number {
  const size = Math.abs(difference);
  return size <= noise ? 0 : difference * (1 - (noise / size) ** 2);
}

/** Means over squares. */
function squareMeans(pixels: Float32Array, width: number, block: number): Float64Array {
  const means = new Float64Array(pixels.length / block ** 2);
  for (let i = 0, row = 0; i < pixels.length; row++) {
    const end = (Math.floor(row / block) + 1) * (width / block);
    for (let square = end - width / block; square < end; square++) {
      let sum = 0;
      for (const last = i + block; i < last; i++) sum += pixels[i];
      means[square] += sum / block ** 2;
    }
  }
  return means;
}

/** Makes weighted means around each value, by boxes of boxes; at the borders of the values that are there. Changes the values. */
function smoothing(
  { width, height }: { readonly width: number; readonly height: number },
  side: number,
): (values: Float64Array) => Float64Array {
  const sums = (map: Float64Array): Float64Array => {
    boxMean(map, height, width, side);
    boxMean(map, height, width, side);
    return map;
  };
  const weights = sums(new Float64Array(width * height).fill(1));
  return (values) => sums(values).map((sum, i) => sum / weights[i]);
}
