import { type BlurKernel, blurKernel } from "../blur-kernel.js";
import { kernelCovariance } from "../metrics/kernel-metrics.js";
import { normalizeKernel } from "../normalize-kernel.js";

/** How many times as large the covariance of a ×4 kernel is as that of the ×2 kernel from which it follows. */
const COVARIANCE_RATIO = 5;

/** Variance that sharing a value among its neighbors adds, in the mean over all places between them. */
const SHARING = 1 / 6;

/** No kernel is made narrower than this variance. */
const MIN_VARIANCE = 0.02;

/**
 * A kernel of the natural grid as one for ×2: itself, or for ×4 the same shape with a fifth of the covariance, which gives that
 * covariance to the ×4 kernel that follows from it ({@link x4Kernel}).
 */
export function x2Kernel(kernel: BlurKernel<"correlation">): BlurKernel<"correlation"> {
  if (kernel.scale === 2) return kernel;
  const { size, values } = normalizeKernel(kernel);
  const { xx, yy } = kernelCovariance(kernel);
  const wanted = Math.max((xx + yy) / 2 / COVARIANCE_RATIO - SHARING, MIN_VARIANCE);
  const factor = Math.sqrt(wanted / ((xx + yy) / 2));
  const half = Math.ceil(factor * (size / 2 + 1.5)) + 1;
  const side = 2 * half + 1;
  const narrow = new Float64Array(side ** 2);
  // On the natural grid a kernel's center lies (scale - 1) / 2 pixels after the middle of its odd side.
  const place = (i: number): number => half + 0.5 + factor * (i - (size - 1) / 2 - 1.5);
  values.forEach((value, i) => {
    const [row, column] = [place(Math.floor(i / size)), place(i % size)];
    const [top, left] = [Math.floor(row), Math.floor(column)];
    const [down, right] = [row - top, column - left];
    narrow[top * side + left] += value * (1 - down) * (1 - right);
    narrow[top * side + left + 1] += value * (1 - down) * right;
    narrow[(top + 1) * side + left] += value * down * (1 - right);
    narrow[(top + 1) * side + left + 1] += value * down * right;
  });
  return blurKernel(narrow, 2);
}
