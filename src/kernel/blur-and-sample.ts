import { ImageError } from "../image/errors.js";
import { mirror } from "../image/mirror.js";
import { type RgbImage, rgbImage } from "../image/rgb-image.js";
import type { BlurKernel } from "./blur-kernel.js";

/** Weights smaller than this part of the largest are left out. */
const NEGLIGIBLE = 1e-6;

/**
 * `(image ⋆ kernel) ↓step`, where ⋆ is cross-correlation with the image mirrored at its borders and ↓ keeps rows and columns 0,
 * step, 2·step, …; only what is kept is computed.
 * @throws {ImageError} if the sides are no multiples of the step.
 */
export function blurAndSample(
  { width, height, data }: RgbImage,
  { size, values }: BlurKernel<"correlation">,
  step: number,
): RgbImage {
  if (width % step !== 0 || height % step !== 0) {
    throw new ImageError(`An image of ${width}×${height} cannot be sampled in steps of ${step}.`);
  }
  const [w, h] = [width / step, height / step];
  const half = (size - 1) / 2;
  const out = new Float32Array(3 * w * h);
  const least = NEGLIGIBLE * values.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  // A line's pixels by their remainder, so that what a tap reads lies side by side.
  const pitch = Math.ceil((width + size) / step);
  const phases = Array.from({ length: step }, () => new Float64Array(pitch));
  const sums = new Float64Array(w);
  for (let plane = 0; plane < 3; plane++) {
    for (let y = 0; y < h; y++) {
      sums.fill(0);
      for (let r = 0; r < size; r++) {
        const start = (plane * height + mirror(y * step + r - half, height)) * width;
        for (let i = 0; i < width + size - 1; i++) {
          const at = i - half;
          const inside = at >= 0 && at < width ? at : mirror(at, width);
          phases[i % step][Math.floor(i / step)] = data[start + inside];
        }
        for (let c = 0; c < size; c++) {
          const weight = values[r * size + c];
          if (Math.abs(weight) < least) continue;
          const line = phases[c % step];
          for (let x = 0, i = Math.floor(c / step); x < w; x++, i++) sums[x] += weight * line[i];
        }
      }
      out.set(sums, (plane * h + y) * w);
    }
  }
  return rgbImage(w, h, out);
}
