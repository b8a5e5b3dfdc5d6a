import type { Offset } from "../image/resize/bicubic.js";
import { asCorrelation, type BlurKernel } from "./blur-kernel.js";

/**
 * The position of the small image's first pixel on the large image's grid after the degradation with a kernel: the kernel's
 * center of mass, relative to its middle value. With the paper's kernels it is −(s − 1) / 2 on both axes.
 */
export function kernelOffset(kernel: BlurKernel): Offset {
  const { size, values } = asCorrelation(kernel);
  const middle = Math.floor(size / 2);
  let sum = 0;
  let row = 0;
  let column = 0;
  values.forEach((value, i) => {
    sum += value;
    row += value * Math.floor(i / size);
    column += value * (i % size);
  });
  return [row / sum - middle, column / sum - middle];
}
