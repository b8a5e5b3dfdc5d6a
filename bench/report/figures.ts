import type { KernelTimes } from "../harness/kernels.js";
import type { Roofline } from "../harness/roofline.js";

/** What a kernel's time says of its speed. */
export interface KernelFigures {
  /** Two for each multiply-add; other arithmetic is not counted. */
  readonly gflops: number;
  readonly gigabytesPerSecond: number;
  /** The time that the roofline allows, arithmetic or memory, whichever is longer, as a part of the time taken. */
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
