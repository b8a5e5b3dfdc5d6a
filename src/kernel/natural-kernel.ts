import { type BlurKernel, blurKernel } from "./blur-kernel.js";
import { moveKernel } from "./move-kernel.js";
import type { OddKernel } from "./odd-kernel.js";

/**
 * A kernel of the natural grid, on which small pixel i lies at `s·i + (s − 1) / 2`, as in a plain enlargement: the blur, then the
 * mean over a sensor's pixel.
 * @param pixel side of the sensor's pixel, in pixels of the large image; the scale unless the photo is resized later.
 */
export function naturalKernel(blur: OddKernel, scale: number, pixel = scale): BlurKernel<"correlation"> {
  const box = pixelWeights(scale, pixel);
  const half = (blur.size - 1) / 2 + box.after;
  const size = 2 * half + 1;
  const values = new Float64Array(size ** 2);
  const middle = (blur.size - 1) / 2;
  blur.values.forEach((value, i) => {
    const row = half + Math.floor(i / blur.size) - middle - box.before;
    const column = half + (i % blur.size) - middle - box.before;
    box.weights.forEach((vertical, down) => {
      box.weights.forEach((horizontal, right) => {
        values[(row + down) * size + column + right] += value * vertical * horizontal;
      });
    });
  });
  return blurKernel(values, scale);
}

/**
 * A ×s kernel of the paper's grid, on which small pixel i lies at `s·i − (s − 1) / 2`, moved to the natural one by s − 1 pixels.
 */
export function toNaturalGrid(kernel: BlurKernel<"correlation">): BlurKernel<"correlation"> {
  return moveKernel(kernel, kernel.scale - 1, kernel.scale - 1);
}

/**
 * How much pixels of the large image have in one of the small one, from the `before`-th before its first to the `after`-th after
 * that: the area of a pixel of the sensor, then that of a resized one, averaged over how the two can lie.
 */
function pixelWeights(
  scale: number,
  pixel: number,
): { weights: Float64Array; before: number; after: number } {
  const resized = pixel === scale ? 0 : scale;
  const before = Math.ceil((pixel + resized - scale) / 2);
  const after = scale - 1 + before;
  const weights = Float64Array.from({ length: before + after + 1 }, (_, i) => {
    const start = i - before - scale / 2;
    return boxesCdf(start + 1, pixel, resized) - boxesCdf(start, pixel, resized);
  });
  return { weights, before, after };
}

/** The cumulative function of the sum of two numbers that are uniform within intervals of such lengths around 0. */
function boxesCdf(x: number, first: number, second: number): number {
  const ramp = (t: number): number => Math.min(Math.max(t / first + 0.5, 0), 1);
  if (second === 0) return ramp(x);
  // The mean of a ramp over an interval, by its integral.
  const integral = (t: number): number => {
    const within = Math.min(Math.max(t, -first / 2), first / 2);
    return (within + first / 2) ** 2 / (2 * first) + Math.max(0, t - first / 2);
  };
  return (integral(x + second / 2) - integral(x - second / 2)) / second;
}
