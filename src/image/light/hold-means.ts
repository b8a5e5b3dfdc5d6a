import { type RgbImage, rgbImage } from "../rgb-image.js";

/** Rounds of correction; each leaves a half or less of what is missing, where some pixels of the surroundings are not at a limit. */
const MAX_ROUNDS = 10;

/** A local mean this near to its target is good: a quarter of a level of 8 bits. */
const TOLERANCE = 1 / 1024;

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
  /** The picture's least and largest value. */
  readonly range: readonly [least: number, largest: number];
  /** Side of the squares over which pixels are averaged first; both sides of the picture are multiples of it. */
  readonly block: number;
  /** One after another; the first come again, so that the last ones do not spoil them. */
  readonly held: readonly HeldMeans[];
}

/**
 * Clips a picture to its range and gives it the local means of another, which may exceed the range. Clipping alone would darken or
 * brighten patterns of high contrast, and networks do so as well.
 */
export function holdMeans(picture: RgbImage, means: RgbImage, options: HoldMeansOptions): RgbImage {
  const { width, height } = picture;
  const { range, block, held } = options;
  const clip = clipTo(range);
  const data = picture.data.map(clip);
  const plane = width * height;
  for (let channel = 0; channel < 3; channel++) {
    const part = (values: Float32Array): Float32Array =>
      values.subarray(channel * plane, (channel + 1) * plane);
    const pixels = part(data);
    const squares = blockMeans(part(means.data), width, block);
    for (const each of held) holdPlane(pixels, squares, width, block, range, each);
  }
  return rgbImage(width, height, data);
}

/** Brings a plane's means of one width to those of squares, in place. */
function holdPlane(
  pixels: Float32Array,
  squares: Float32Array,
  width: number,
  block: number,
  range: readonly [number, number],
  { sigma, noise }: HeldMeans,
): void {
  const [w, h] = [width / block, pixels.length / width / block];
  const clip = clipTo(range);
  const radius = Math.max(1, Math.round((Math.sqrt(6 * sigma ** 2 + 1) - 1) / 2));
  const smooth = (values: Float32Array): Float32Array => smoothed(values, w, h, radius);
  const start = smooth(blockMeans(pixels, width, block));
  const wanted = smooth(squares).map((value, i) => clip(start[i] + shrunk(value - start[i], noise)));
  for (let round = 0; round < MAX_ROUNDS; round++) {
    const found = round === 0 ? start : smooth(blockMeans(pixels, width, block));
    const missing = wanted.map((value, i) => value - found[i]);
    if (missing.every((value) => Math.abs(value) < TOLERANCE)) break;
    const free = smooth(freeShares(pixels, missing, width, block, range));
    const change = missing.map((value, i) => value / Math.max(free[i], MIN_FREE));
    addEnlarged(pixels, change, w, h, block, clip);
  }
}

/** A difference less what noise may have made of it. */
function shrunk(difference: number, noise: number): number {
  const size = Math.abs(difference);
  return size <= noise ? 0 : difference * (1 - (noise / size) ** 2);
}

function clipTo([least, largest]: readonly [number, number]): (value: number) => number {
  return (value) => Math.min(Math.max(value, least), largest);
}

/** Means over squares. */
function blockMeans(pixels: Float32Array, width: number, block: number): Float32Array {
  const w = width / block;
  const means = new Float32Array(pixels.length / block ** 2);
  for (let i = 0; i < pixels.length; i++) {
    means[Math.floor(i / (width * block)) * w + Math.floor((i % width) / block)] += pixels[i] / block ** 2;
  }
  return means;
}

/** Of each square the part of its pixels that is not at the limit towards which its mean should go. */
function freeShares(
  pixels: Float32Array,
  missing: Float32Array,
  width: number,
  block: number,
  [least, largest]: readonly [number, number],
): Float32Array {
  const w = width / block;
  const shares = new Float32Array(missing.length);
  for (let i = 0; i < pixels.length; i++) {
    const place = Math.floor(i / (width * block)) * w + Math.floor((i % width) / block);
    const isFree = missing[place] > 0 ? pixels[i] < largest : pixels[i] > least;
    if (isFree) shares[place] += 1 / block ** 2;
  }
  return shares;
}

/** Weighted means around each value, by two running means; at the borders of those that are there. */
function smoothed(values: Float32Array, width: number, height: number, radius: number): Float32Array {
  let result = values;
  for (let pass = 0; pass < 2; pass++) {
    result = runningMeans(result, width, 1, height, width, radius);
    result = runningMeans(result, height, width, width, 1, radius);
  }
  return result;
}

/** Means over up to `2 · radius + 1` values along lines. */
function runningMeans(
  values: Float32Array,
  length: number,
  step: number,
  lines: number,
  pitch: number,
  radius: number,
): Float32Array {
  const means = new Float32Array(values.length);
  for (let line = 0; line < lines; line++) {
    const start = line * pitch;
    let [sum, count] = [0, 0];
    for (let i = -radius; i < length; i++) {
      if (i + radius < length) {
        sum += values[start + (i + radius) * step];
        count++;
      }
      if (i - radius - 1 >= 0) {
        sum -= values[start + (i - radius - 1) * step];
        count--;
      }
      if (i >= 0) means[start + i * step] = sum / count;
    }
  }
  return means;
}

/** Adds a change of squares to their pixels, interpolated between the squares' middles, and clips. */
function addEnlarged(
  pixels: Float32Array,
  change: Float32Array,
  w: number,
  h: number,
  block: number,
  clip: (value: number) => number,
): void {
  const across = between(w, block);
  const down = between(h, block);
  const width = w * block;
  for (const [y, row] of down.entries()) {
    const [upper, lower] = [row.first * w, row.second * w];
    for (const [x, column] of across.entries()) {
      const above =
        change[upper + column.first] +
        column.share * (change[upper + column.second] - change[upper + column.first]);
      const below =
        change[lower + column.first] +
        column.share * (change[lower + column.second] - change[lower + column.first]);
      const i = y * width + x;
      pixels[i] = clip(pixels[i] + above + row.share * (below - above));
    }
  }
}

/** Between which two squares' middles each pixel of a side lies, and how near to the second. */
function between(squares: number, block: number): { first: number; second: number; share: number }[] {
  return Array.from({ length: squares * block }, (_, i) => {
    const place = Math.min(Math.max((i + 0.5) / block - 0.5, 0), squares - 1);
    const first = Math.floor(place);
    return { first, second: Math.min(first + 1, squares - 1), share: place - first };
  });
}
