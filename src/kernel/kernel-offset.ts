import type { Offset } from "../image/resize/bicubic.js";
import { asCorrelation, type BlurKernel } from "./blur-kernel.js";
import { KernelError } from "./errors.js";
import { normalizeKernel } from "./normalize-kernel.js";

/**
 * The position of the small image's first pixel on the large image's grid after the degradation with a kernel: the kernel's
 * center of mass, relative to its middle value. With the paper's kernels it is −(s − 1) / 2 on both axes.
 * @throws {KernelError} if it lies outside the kernel, as where large values cancel each other: no blur is like that.
 */
export function kernelOffset(kernel: BlurKernel): Offset {
  const { size, values } = normalizeKernel(asCorrelation(kernel));
  const middle = Math.floor(size / 2);
  let row = -middle;
  let column = -middle;
  values.forEach((value, i) => {
    row += value * Math.floor(i / size);
    column += value * (i % size);
  });
  const furthest = Math.max(Math.abs(row), Math.abs(column));
  if (furthest <= middle + 0.5) return [row, column];
  throw new KernelError(
    `The kernel's center of mass lies ${Math.round(furthest)} pixels from its middle, outside it; give a blur kernel.`,
  );
}
