import { enlargeLinearly } from "../resize/linear.js";
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
  const around = enlargeLinearly(colors, coarse, 2);
  return sums.map((sum, i) => {
    const pixel = i % plane;
    const row = 2 * Math.floor(i / plane) * coarse.height + Math.floor(pixel / width);
    return weights[pixel] > 0 ? sum / weights[pixel] : around[2 * row * coarse.width + (pixel % width)];
  }) as Float32Array<ArrayBuffer>;
}
