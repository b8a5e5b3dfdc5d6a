import { type BlurKernel, blurKernel } from "./blur-kernel.js";
import { splineShift } from "./spline-shift.js";

/** Center of mass (row, column) of a square kernel. */
export function centerOfMass(values: Float64Array, size: number): [number, number] {
  let mass = 0;
  let row = 0;
  let column = 0;
  for (let y = 0; y < size; y++) {
    for (let x = 0; x < size; x++) {
      const value = values[y * size + x];
      mass += value;
      row += value * y;
      column += value * x;
    }
  }
  return [row / mass, column / mass];
}

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
  const [row, column] = centerOfMass(values, size);
  return splineShift(values, size, size, target - row, target - column);
}

/** The kernel for ×2 of values in any unit: its center of mass moved to where it shifts no image, sum 1. */
export function centeredKernel(values: Float64Array, size: number): BlurKernel<"correlation"> {
  const shifted = shiftKernel(values, size, 2);
  const sum = shifted.reduce((total, value) => total + value, 0);
  return blurKernel(
    shifted.map((value) => value / sum),
    2,
  );
}
