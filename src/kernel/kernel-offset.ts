import type { Offset } from "../image/resize/bicubic.js";
import { asCorrelation, type BlurKernel } from "./blur-kernel.js";
import { KernelError } from "./errors.js";

/**
 * The position of the small image's first pixel on the large image's grid after the degradation with a kernel: the kernel's
 * center of mass, relative to its middle value. With the paper's kernels it is −(s − 1) / 2 on both axes.
 * @throws {KernelError} if it lies far outside the kernel, as where large values cancel each other: no blur is like that.
 */
export function kernelOffset(kernel: BlurKernel): Offset {
  const middle = Math.floor(kernel.size / 2);
  const [row, column] = centerOfMass(asCorrelation(kernel)).map((place) => place - middle);
  const distance = Math.hypot(row, column);
  if (distance <= kernel.size) return [row, column];
  throw new KernelError(
    `The kernel's center of mass lies outside it, ${Math.round(distance)} pixels from its middle.`,
  );
}

/** Center of mass (row, column) of a square kernel of any sum. */
export function centerOfMass({ values, size }: Pick<BlurKernel, "values" | "size">): [number, number] {
  let mass = 0;
  let row = 0;
  let column = 0;
  values.forEach((value, i) => {
    mass += value;
    row += value * Math.floor(i / size);
    column += value * (i % size);
  });
  return [row / mass, column / mass];
}
