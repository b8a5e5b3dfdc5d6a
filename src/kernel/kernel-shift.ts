import { type BlurKernel, blurKernel } from "./blur-kernel.js";
import { centerOfMass } from "./kernel-offset.js";
import { normalizeKernel } from "./normalize-kernel.js";
import { splineShift } from "./spline-shift.js";

/**
 * Moves a square kernel's center of mass to where blurring and keeping every `scale`-th pixel shifts no image, unless another target
 * is given: `(size − scale) / 2` on both axes. The sum changes by what leaves the grid.
 */
export function shiftKernel(
  values: Float64Array,
  size: number,
  scale: number,
  target = (size - scale) / 2,
): Float64Array {
  const [row, column] = centerOfMass({ values, size });
  return splineShift(values, size, size, target - row, target - column);
}

/** The kernel for ×2 of values in any unit: its center of mass moved to where it shifts no image, sum 1. */
export function centeredKernel(values: Float64Array, size: number): BlurKernel<"correlation"> {
  return normalizeKernel(blurKernel(shiftKernel(values, size, 2), 2));
}
