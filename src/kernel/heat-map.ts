import { type RgbImage, rgbImage } from "../image/rgb-image.js";
import type { BlurKernel } from "./blur-kernel.js";
import { kernelBrightness } from "./kernel-brightness.js";

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
export function heatMap(kernel: BlurKernel): RgbImage {
  const { size } = kernel;
  const plane = size * size;
  const data = new Float32Array(3 * plane);
  kernelBrightness(kernel).forEach((brightness, i) => {
    const place = brightness * (COLORS.length - 1);
    const below = Math.min(Math.floor(place), COLORS.length - 2);
    for (let channel = 0; channel < 3; channel++) {
      const [from, to] = [COLORS[below][channel], COLORS[below + 1][channel]];
      data[channel * plane + i] = (from + (to - from) * (place - below)) / 255;
    }
  });
  return rgbImage(size, size, data);
}
