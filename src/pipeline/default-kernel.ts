import type { BlurKernel } from "../kernel/blur-kernel.js";
import { KERNEL_SIZE, plainGaussian } from "../kernel/families/gaussian-kernel.js";
import { rescaledKernel } from "../kernel/families/rescaled-kernel.js";
import { x4Kernel } from "../kernel/families/x4-kernel.js";
import { centeredKernel } from "../kernel/kernel-shift.js";

/**
 * Variance of the default ×2 kernel, in square pixels: that of small pictures, icons and thumbnails, which programs have made
 * small and sharp.
 */
const VARIANCE = 1;

/** The kernel of a picture that shows no blur, because it is too small or has no detail. */
export function defaultKernel(scale: 1 | 2 | 3 | 4): BlurKernel<"correlation"> {
  const x2 = centeredKernel(plainGaussian(VARIANCE, VARIANCE, 0), KERNEL_SIZE);
  if (scale === 1 || scale === 3) return rescaledKernel(x2, scale);
  return scale === 2 ? x2 : x4Kernel(x2);
}
