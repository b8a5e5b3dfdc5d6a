import { type BlurKernel, blurKernel } from "../../kernel/blur-kernel.js";

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
  const rest = Float64Array.from(kernel.values, (value) => Math.max(value - floor, 0));
  const sum = rest.reduce((total, value) => total + value, 0);
  if (!(sum > 0)) return kernel;
  return blurKernel(
    rest.map((value) => value / sum),
    kernel.scale,
  );
}
