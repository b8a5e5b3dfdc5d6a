import { type RgbImage, rgbImage } from "../image/rgb-image.js";
import type { BlurKernel } from "./blur-kernel.js";

/** From black through red to pale yellow, in even steps of brightness. */
const COLORS = [
  [0, 0, 4],
  [66, 10, 104],
  [147, 38, 103],
  [221, 81, 58],
  [252, 165, 10],
  [252, 255, 164],
] as const;

/** A kernel in colors, a pixel for each value: 0 and below are black, the largest value is the brightest color. */
export function heatMap({ size, values }: BlurKernel): RgbImage {
  const largest = values.reduce((most, value) => Math.max(most, value), 0);
  const plane = size * size;
  const data = new Float32Array(3 * plane);
  values.forEach((value, i) => {
    const place = value > 0 ? (value / largest) * (COLORS.length - 1) : 0;
    const below = Math.min(Math.floor(place), COLORS.length - 2);
    for (let channel = 0; channel < 3; channel++) {
      const [from, to] = [COLORS[below][channel], COLORS[below + 1][channel]];
      data[channel * plane + i] = (from + (to - from) * (place - below)) / 255;
    }
  });
  return rgbImage(size, size, data);
}
