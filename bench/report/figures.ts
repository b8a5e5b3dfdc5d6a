import type { KernelWork } from "../harness/kernels.js";
import type { Roofline } from "../harness/roofline/roofline.js";

/** The speed of a kernel. */
export interface KernelFigures {
  /** Counts two operations per multiply-add and no other arithmetic. */
  readonly gflops: number;
  readonly gigabytesPerSecond: number;
  /** The fraction of the roofline reached: that of arithmetic or of memory, whichever is larger. */
  readonly share: number;
}

/**
 * @param milliseconds of all its dispatches together.
 * @returns undefined for a time of 0, which is less than the clock ticks.
 */
export function kernelFigures(
  { multiplyAdds, bytes }: Pick<KernelWork, "multiplyAdds" | "bytes">,
  milliseconds: number,
  roofline: Roofline,
): KernelFigures | undefined {
  if (!(milliseconds > 0)) return undefined;
  const seconds = milliseconds / 1000;
  const gflops = (2 * multiplyAdds) / seconds / 1e9;
  const gigabytesPerSecond = bytes / seconds / 1e9;
  const { arithmetic, cache, memory } = roofline;
  // What the small copies kept in a cache, a kernel can keep there too.
  const bandwidth = bytes <= cache.footprint * 2 ** 20 ? Math.max(cache.rate, memory.rate) : memory.rate;
  return {
    gflops,
    gigabytesPerSecond,
    share: Math.max(gflops / arithmetic.rate, gigabytesPerSecond / bandwidth),
  };
}
