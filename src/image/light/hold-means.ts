import { boxMean } from "../patches/box-mean.js";
import { between } from "../resize/linear.js";
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
export interface HoldMeansOptions {
  /** Held one after the other. */
  readonly widths: readonly HeldMeans[];
  /** The picture's least and largest value. */
  readonly range: readonly [least: number, largest: number];
  /** Side of the squares over which pixels are averaged first; both sides of the picture are multiples of it. */
  readonly block: number;
  /** Awaited between rounds; if it throws, no more is done. For a large picture a round takes a tenth of a second. */
  readonly pause?: () => Promise<void>;
}

/**
 * Clips a picture to its range and gives it the local means of another, which may exceed the range. Clipping alone would darken or
 * brighten patterns of high contrast, and networks do so as well.
 */
export async function holdMeans(
  { width, height, data }: RgbImage,
  means: RgbImage,
  { widths, range, block, pause }: HoldMeansOptions,
): Promise<RgbImage> {
  const [least, largest] = range;
  const grid = { width: width / block, height: height / block, block };
  const held = data.slice();
  for (let i = 0; i < held.length; i++) held[i] = Math.min(Math.max(held[i], least), largest);
  const plane = width * height;
  for (let start = 0; start < held.length; start += plane) {
    const pixels = held.subarray(start, start + plane);
    const targets = measure(means.data.subarray(start, start + plane), grid, range).means;
    let squares = measure(pixels, grid, range);
    for (const { sigma, noise } of widths) {
      const radius = Math.max(1, Math.round((Math.sqrt(6 * sigma ** 2 + 1) - 1) / 2));
      const smooth = smoothing(grid, 2 * radius + 1);
      const differences = targets.slice();
      for (let i = 0; i < differences.length; i++) differences[i] -= squares.means[i];
      smooth(differences);
      for (let i = 0; i < differences.length; i++) differences[i] = shrunk(differences[i], noise);
      if (isGood(differences)) continue;
      let found = smooth(squares.means.slice());
      const wanted = differences;
      for (let i = 0; i < wanted.length; i++)
        wanted[i] = Math.min(Math.max(found[i] + wanted[i], least), largest);
      for (let round = 0; round < MAX_ROUNDS; round++) {
        await pause?.();
        let missing: Float64Array = wanted.slice();
        for (let i = 0; i < missing.length; i++) missing[i] -= found[i];
        if (isGood(missing)) break;
        // Of a pattern, pixels may be at the limit wherever a mean should rise, and nowhere else: only a wider mean then comes right.
        if (round % 2 > 0 && noise <= MAX_SMOOTHED) missing = smooth(missing);
        // Of each surroundings the part that is not at the limit towards which its mean should go.
        const free = squares.rising.slice();
        for (let i = 0; i < free.length; i++) if (!(missing[i] > 0)) free[i] = squares.falling[i];
        smooth(free);
        for (let i = 0; i < free.length; i++) missing[i] /= Math.max(free[i], MIN_FREE);
        add(pixels, missing, grid, range);
        squares = measure(pixels, grid, range);
        found = smooth(squares.means.slice());
      }
    }
  }
  return rgbImage(width, height, held);
}

/** The squares of a picture. */
interface Grid {
  /** In squares. */
  readonly width: number;
  readonly height: number;
  /** Side of a square in pixels. */
  readonly block: number;
}

/** Of each square the mean, and the parts of its pixels that are below the largest value and above the least. */
interface Squares {
  readonly means: Float64Array;
  readonly rising: Float64Array;
  readonly falling: Float64Array;
}

function measure(
  pixels: Float32Array,
  { width, height, block }: Grid,
  [least, largest]: HoldMeansOptions["range"],
): Squares {
  const [means, rising, falling] = [0, 1, 2].map(() => new Float64Array(width * height));
  const part = 1 / block ** 2;
  for (let row = 0, i = 0; row < height * block; row++) {
    const first = Math.floor(row / block) * width;
    for (let square = first; square < first + width; square++) {
      for (const end = i + block; i < end; i++) {
        const value = pixels[i];
        means[square] += value * part;
        if (value < largest) rising[square] += part;
        if (value > least) falling[square] += part;
      }
    }
  }
  return { means, rising, falling };
}

/** Adds to each pixel what linear interpolation between the middles of the squares makes of their changes, and clips it. */
function add(
  pixels: Float32Array,
  changes: Float64Array,
  { width, height, block }: Grid,
  [least, largest]: HoldMeansOptions["range"],
): void {
  const columns = between(width, block);
  const line = new Float64Array(width);
  let i = 0;
  for (const { first, second, share } of between(height, block)) {
    for (let x = 0; x < width; x++) {
      const above = changes[first * width + x];
      line[x] = above + share * (changes[second * width + x] - above);
    }
    for (const column of columns) {
      const left = line[column.first];
      const value = pixels[i] + left + column.share * (line[column.second] - left);
      pixels[i++] = Math.min(Math.max(value, least), largest);
    }
  }
}

/** Whether nothing worth a correction is missing of any mean. */
function isGood(missing: Float64Array): boolean {
  return missing.every((value) => Math.abs(value) < TOLERANCE);
}

/** A difference less what noise may have made of it. */
function shrunk(difference: number, noise: number): number {
  const size = Math.abs(difference);
  return size <= noise ? 0 : difference * (1 - (noise / size) ** 2);
}

/** Makes weighted means around each value, by boxes of boxes; at the borders of the values that are there. Changes the values. */
function smoothing({ width, height }: Grid, side: number): (values: Float64Array) => Float64Array {
  const sums = (map: Float64Array, rows: number, columns: number): Float64Array => {
    boxMean(map, rows, columns, side);
    boxMean(map, rows, columns, side);
    return map;
  };
  // Weights of a row and of a column; a box across a single line leaves 1 / side of a value, and there are two.
  const down = sums(new Float64Array(height).fill(side ** 2), height, 1);
  const across = sums(new Float64Array(width).fill(side ** 2), 1, width);
  return (values) => {
    sums(values, height, width);
    for (let y = 0, i = 0; y < height; y++) {
      for (let x = 0; x < width; x++, i++) values[i] /= down[y] * across[x];
    }
    return values;
  };
}
