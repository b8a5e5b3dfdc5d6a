import { type RgbImage, rgbImage } from "../rgb-image.js";

/** Colors with weights, and how often the sides were halved. */
interface Level {
  readonly width: number;
  readonly height: number;
  /** Three planes, each value times its pixel's weight. */
  readonly sums: Float32Array;
  readonly weights: Float32Array;
}

/**
 * Gives transparent pixels the colors of the visible ones around them, so that what a file happens to have there bleeds into
 * nothing; visible pixels stay. An image without visible pixels becomes black.
 * @param alpha `height · width` values, 0 for transparent.
 */
export function spreadColors({ width, height, data }: RgbImage, alpha: Float32Array): RgbImage {
  const plane = width * height;
  const weights = alpha.map((value) => Math.max(0, value));
  const sums = data.map((value, i) => value * weights[i % plane]);
  const levels: Level[] = [{ width, height, sums, weights }];
  while (Math.max(levels[0].width, levels[0].height) > 1) levels.unshift(halved(levels[0]));
  let colors = new Float32Array(3);
  levels.forEach((level, i) => {
    colors = filled(level, levels[Math.max(0, i - 1)], colors);
  });
  return rgbImage(
    width,
    height,
    data.map((value, i) => (alpha[i % plane] > 0 ? value : colors[i])),
  );
}

function halved({ width, height, sums, weights }: Level): Level {
  const [w, h] = [Math.ceil(width / 2), Math.ceil(height / 2)];
  const half = { width: w, height: h, sums: new Float32Array(3 * w * h), weights: new Float32Array(w * h) };
  for (let pixel = 0; pixel < width * height; pixel++) {
    const place = (Math.floor(pixel / width) >> 1) * w + ((pixel % width) >> 1);
    half.weights[place] += weights[pixel];
    for (let channel = 0; channel < 3; channel++) {
      half.sums[channel * w * h + place] += sums[channel * width * height + pixel];
    }
  }
  return half;
}

/** The colors of a level; where it has no weight, those of the coarser one, interpolated. */
function filled(
  { width, height, sums, weights }: Level,
  coarse: Level,
  colors: Float32Array,
): Float32Array<ArrayBuffer> {
  const plane = width * height;
  const [across, down] = [taps(width, coarse.width), taps(height, coarse.height)];
  return Float32Array.from({ length: 3 * plane }, (_, i) => {
    const pixel = i % plane;
    if (weights[pixel] > 0) return sums[i] / weights[pixel];
    const start = Math.floor(i / plane) * coarse.width * coarse.height;
    const [x, y] = [across[pixel % width], down[Math.floor(pixel / width)]];
    const row = (at: number): number => {
      const line = start + at * coarse.width;
      return colors[line + x.first] + x.share * (colors[line + x.second] - colors[line + x.first]);
    };
    return row(y.first) + y.share * (row(y.second) - row(y.first));
  });
}

/** Between which two places of a coarser side each place of a side lies, and how near to the second. */
function taps(length: number, coarse: number): { first: number; second: number; share: number }[] {
  return Array.from({ length }, (_, i) => {
    const place = Math.min(Math.max((i - 0.5) / 2, 0), coarse - 1);
    const first = Math.floor(place);
    return { first, second: Math.min(first + 1, coarse - 1), share: place - first };
  });
}
