import type { Offset } from "../image/resize/bicubic.js";
import type { BlurKernel } from "./blur-kernel.js";

/**
 * The position of the small image's first pixel on the large image's grid after the degradation with a kernel: the kernel's
 * center of mass, relative to its middle value. With the paper's kernels it is −(s − 1) / 2 on both axes.
 */
export function kernelOffset({ size, orientation, values }: BlurKernel): Offset {
  const middle = Math.floor(size / 2);
  let sum = 0;
  let row = 0;
  let column = 0;
  values.forEach((value, i) => {
    // A convolution kernel is the correlation kernel in reverse.
    const tap = orientation === "correlation" ? i : values.length - 1 - i;
    sum += value;
    row += value * Math.floor(tap / size);
    column += value * (tap % size);
  });
  return [row / sum - middle, column / sum - middle];
}
