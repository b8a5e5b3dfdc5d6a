import type { RgbImage } from "../image/rgb-image.js";
import { WINDOW, windowCorners } from "../model/spectral/windows.js";

/** A window with more pixels like the next ones than this says nothing of a blur. In photos, light and noise vary everywhere. */
const MAX_EVEN = 0.25;

/** A picture with fewer windows that say something, or a smaller part of them, may be a drawing. */
const MIN_WINDOWS = 16;
const MIN_SHARE = 0.25;

/** Neighboring pixels of an edge differ by at least this much at its steepest step. */
const MIN_STEP = 20 / 255;

/** Pixels before and after an edge's steepest step that are looked at. */
const REACH = 3;

/**
 * A drawing is sharp if in the median an edge's steepest step takes more than this of the range around it: with the default
 * kernel it is 0.53, with twice its variance 0.44 (discs and charts with antialiased edges).
 */
const MIN_STEEPNESS = 0.48;

/**
 * Whether an image is a drawing, such as a logo or a chart, that has hardly any blur: even areas throughout, with sharp edges. Its
 * spectrum is that of its shapes.
 * @param alpha `height · width` values; opaque unless given.
 * @throws {ImageError} if the image is smaller than a window.
 */
export function isSharpDrawing(image: RgbImage, alpha?: Float32Array): boolean {
  const { width, height, data } = image;
  const plane = width * height;
  const isEven = (pixel: number): boolean => {
    if (alpha?.[pixel] === 0) return true;
    // At the last row and column, the pixels before.
    const right = pixel % width === width - 1 ? -1 : 1;
    const below = pixel >= plane - width ? -width : width;
    return [0, plane, 2 * plane].every((channel) =>
      [right, below, right + below].every((step) => data[channel + pixel + step] === data[channel + pixel]),
    );
  };
  const corners = windowCorners(image);
  const telling = corners.filter(([top, left]) => {
    let even = 0;
    for (let i = 0; i < WINDOW ** 2; i++) {
      if (isEven((top + Math.floor(i / WINDOW)) * width + left + (i % WINDOW))) even++;
    }
    return even <= MAX_EVEN * WINDOW ** 2;
  }).length;
  if (telling >= Math.min(MIN_WINDOWS, MIN_SHARE * corners.length)) return false;
  const shares: number[] = [];
  for (let i = 0; i < 3 * plane; i++) {
    for (const [place, length, step] of [
      [i % width, width, 1],
      [Math.floor(i / width) % height, height, width],
    ]) {
      const rise = (k: number): number => Math.abs(data[i + (k + 1) * step] - data[i + k * step]);
      if (place < REACH - 1 || place + REACH >= length || rise(0) < MIN_STEP) continue;
      if (rise(0) < Math.max(rise(-1), rise(1))) continue;
      let [least, most] = [1, 0];
      for (let k = 1 - REACH; k <= REACH; k++) {
        least = Math.min(least, data[i + k * step]);
        most = Math.max(most, data[i + k * step]);
      }
      shares.push(rise(0) / (most - least));
    }
  }
  const middle = shares.sort((a, b) => a - b)[shares.length >> 1];
  return middle > MIN_STEEPNESS;
}
