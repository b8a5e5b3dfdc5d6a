import type { KernelTimes } from "../harness/kernels.js";
import type { Roofline } from "../harness/roofline.js";

/** The speed of a kernel. */
export interface KernelFigures {
  /** Counts two operations per multiply-add and no other arithmetic. */
  readonly gflops: number;
  readonly gigabytesPerSecond: number;
  /** The fraction of the roofline reached: that of arithmetic or of memory, whichever is larger. */
  readonly share: number;
}

export function kernelFigures(kernel: KernelTimes, roofline: Roofline): KernelFigures {
  const seconds = kernel.time.median / 1000;
  const gflops = (2 * kernel.multiplyAdds) / seconds / 1e9;
  const gigabytesPerSecond = kernel.bytes / seconds / 1e9;
  return {
    gflops,
    gigabytesPerSecond,
    share: Math.max(gflops / roofline.gflops, gigabytesPerSecond / roofline.gigabytesPerSecond),
  };
}
