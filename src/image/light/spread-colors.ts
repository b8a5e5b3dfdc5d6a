import { type RgbImage, rgbImage } from "../rgb-image.js";

/** A picture whose sides were halved some times. */
interface Level {
  readonly width: number;
  readonly height: number;
  /** Three planes. */
  readonly colors: Float32Array;
  /** Of each pixel; without a weight, it has no color yet. */
  readonly weights: Float32Array;
}

/**
 * Gives transparent pixels the colors of the visible ones around them, so that what a file happens to have there bleeds into
 * nothing; visible pixels stay. An image without visible pixels becomes black. For 12 megapixels it takes some 0.3 s, where
 * functions of each value would take ten times as long.
 * @param alpha `height · width` values, 0 for transparent.
 */
export function spreadColors({ width, height, data }: RgbImage, alpha: Float32Array): RgbImage {
  const levels: [Level, ...Level[]] = [{ width, height, colors: data.slice(), weights: alpha }];
  while (Math.max(levels[0].width, levels[0].height) > 1) levels.unshift(halved(levels[0]));
  const [coarsest, ...finer] = levels;
  if (!(coarsest.weights[0] > 0)) coarsest.colors.fill(0);
  finer.forEach((level, i) => {
    fill(level, levels[i]);
  });
  return rgbImage(width, height, (levels.at(-1) as Level).colors);
}

/** Means of four pixels each, by their weights. */
function halved({ width, height, colors, weights }: Level): Level {
  const [w, h] = [Math.ceil(width / 2), Math.ceil(height / 2)];
  const half = { width: w, height: h, colors: new Float32Array(3 * w * h), weights: new Float32Array(w * h) };
  for (let y = 0, pixel = 0; y < height; y++) {
    for (let x = 0; x < width; x++, pixel++) {
      const weight = weights[pixel];
      if (!(weight > 0)) continue;
      const place = (y >> 1) * w + (x >> 1);
      half.weights[place] += weight;
      for (let channel = 0; channel < 3; channel++) {
        half.colors[channel * w * h + place] += weight * colors[channel * width * height + pixel];
      }
    }
  }
  for (let i = 0; i < 3 * w * h; i++) half.colors[i] /= half.weights[i % (w * h)] || 1;
  return half;
}

/** Gives the pixels without a weight the colors of a coarser level, by linear interpolation between the middles of its pixels. */
function fill({ width, height, colors, weights }: Level, coarse: Level): void {
  /** The pixel beyond the nearest one, on the side where a place lies. */
  const beyond = (place: number, length: number): number =>
    Math.min(Math.max((place >> 1) + (place % 2 ? 1 : -1), 0), length - 1);
  for (let y = 0, pixel = 0; y < height; y++) {
    const [near, far] = [(y >> 1) * coarse.width, beyond(y, coarse.height) * coarse.width];
    for (let x = 0; x < width; x++, pixel++) {
      if (weights[pixel] > 0) continue;
      const [left, right] = [x >> 1, beyond(x, coarse.width)];
      for (let channel = 0; channel < 3; channel++) {
        const at = channel * coarse.width * coarse.height;
        const sides = coarse.colors[at + near + right] + coarse.colors[at + far + left];
        colors[channel * width * height + pixel] =
          (9 * coarse.colors[at + near + left] + 3 * sides + coarse.colors[at + far + right]) / 16;
      }
    }
  }
}
