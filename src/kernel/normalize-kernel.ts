import type { BlurKernel } from "./blur-kernel.js";

/** The sum of a kernel's values: how much of its light an image keeps. */
export function kernelSum({ values }: BlurKernel): number {
  return values.reduce((total, value) => total + value, 0);
}

/** A kernel divided by its sum, so that it makes nothing darker or brighter. */
export function normalizeKernel<Kernel extends BlurKernel>(kernel: Kernel): Kernel {
  const sum = kernelSum(kernel);
  return { ...kernel, values: kernel.values.map((value) => value / sum) };
}
