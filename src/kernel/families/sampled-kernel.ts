import { type BlurKernel, blurKernel } from "../blur-kernel.js";
import { shiftKernel } from "../kernel-shift.js";
import { KERNEL_SIZE } from "./gaussian-kernel.js";

const SCALE = 2;

/** Points a pixel has along each axis. */
const FINE = 8;

/** Where the kernel's center lies before it is shifted, in pixels from the middle of the first value. */
const MIDDLE = (KERNEL_SIZE - 1) / 2;

/**
 * The 11×11 kernel for ×2 of a density that is given point by point, not normalized: each value is its mean over a pixel.
 * Centered on 4.5 on both axes, sum 1.
 * @param density at so many pixels right of and below the middle.
 */
export function sampledKernel(density: (right: number, down: number) => number): BlurKernel<"correlation"> {
  const values = new Float64Array(KERNEL_SIZE ** 2);
  const points = Array.from({ length: FINE }, (_, i) => (i + 0.5) / FINE - 0.5);
  for (let row = 0; row < KERNEL_SIZE; row++) {
    for (let column = 0; column < KERNEL_SIZE; column++) {
      for (const down of points) {
        for (const right of points) {
          values[row * KERNEL_SIZE + column] += density(column + right - MIDDLE, row + down - MIDDLE);
        }
      }
    }
  }
  const shifted = shiftKernel(values, KERNEL_SIZE, SCALE);
  const sum = shifted.reduce((total, value) => total + value, 0);
  return blurKernel(
    shifted.map((value) => value / sum),
    SCALE,
  );
}
