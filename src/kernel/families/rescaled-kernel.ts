import { type BlurKernel, blurKernel } from "../blur-kernel.js";
import { kernelCovariance } from "../metrics/kernel-metrics.js";
import { normalizeKernel } from "../normalize-kernel.js";

/** Standard deviations to each side that a kernel has room for. */
const REACH = 3.5;

/** A narrower Gaussian falls between the pixels. */
const MIN_VARIANCE = 0.04;

/**
 * The Gaussian of a ×2 kernel's widths on the grid of another scale, on which small pixel i lies at `s·i − (s − 1) / 2`, as with
 * the paper's kernels. At ×1 it is the blur in pixels of the photo itself.
 */
export function rescaledKernel(x2: BlurKernel<"correlation">, scale: 1 | 3): BlurKernel<"correlation"> {
  const factor = (scale / 2) ** 2;
  const found = kernelCovariance(normalizeKernel(x2));
  const xx = Math.max(factor * found.xx, MIN_VARIANCE);
  const yy = Math.max(factor * found.yy, MIN_VARIANCE);
  const xy = Math.abs(found.xy * factor) < Math.sqrt(xx * yy) ? factor * found.xy : 0;
  const determinant = xx * yy - xy ** 2;
  const half = Math.ceil(REACH * Math.sqrt(Math.max(xx, yy)) + (scale - 1) / 2);
  const size = 2 * half + 1;
  const middle = half - (scale - 1) / 2;
  const values = Float64Array.from({ length: size ** 2 }, (_, i) => {
    const [x, y] = [(i % size) - middle, Math.floor(i / size) - middle];
    return Math.exp(-(yy * x * x - 2 * xy * x * y + xx * y * y) / (2 * determinant));
  });
  return normalizeKernel(blurKernel(values, scale));
}
