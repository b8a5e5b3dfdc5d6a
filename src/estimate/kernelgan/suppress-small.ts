import type { BlurKernel } from "../../kernel/blur-kernel.js";
import { kernelSum, normalizeKernel } from "../../kernel/normalize-kernel.js";

/** How many values stay; of 121, those of a wide kernel. */
const KEPT = 40;

/** Part of the first value left out that is taken off all others. */
const FLOOR = 0.75;

/**
 * KernelGAN's last touch: three quarters of the 41st largest value is taken off all, what falls below zero is left out,
 * and the rest is divided by its sum. A kernel without a positive sum, such as that of random weights, is left unchanged.
 */
export function suppressSmall(kernel: BlurKernel<"correlation">): BlurKernel<"correlation"> {
  const sorted = Float64Array.from(kernel.values).sort().reverse();
  const floor = FLOOR * sorted[KEPT];
  const rest = { ...kernel, values: kernel.values.map((value) => Math.max(value - floor, 0)) };
  return kernelSum(rest) > 0 ? normalizeKernel(rest) : kernel;
}
