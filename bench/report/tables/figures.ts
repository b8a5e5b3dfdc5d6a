import type { KernelWork } from "../../harness/kernels.js";
import type { Roofline } from "../../harness/roofline/roofline.js";

/** The speed of a kernel. */
export interface KernelSpeed {
  /** Counts two operations per multiply-add and no other arithmetic. */
  readonly gflops: number;
  readonly gigabytesPerSecond: number;
}

/** The speed of a kernel on a device whose limits are known. */
export interface KernelFigures extends KernelSpeed {
  /** The fraction of the roofline reached: that of arithmetic or of memory, whichever is larger. */
  readonly share: number;
  /** The limit that it is closest to. */
  readonly roof: "arithmetic" | "caches" | "memory";
}

type Work = Pick<KernelWork, "multiplyAdds" | "bytes"> & {
  /** Bytes of its buffers, if it reads and writes another number of bytes. */
  readonly footprint?: number;
};

/**
 * @param milliseconds of all its dispatches together.
 * @returns undefined for a time of 0, which is less than the clock ticks.
 */
export function kernelSpeed({ multiplyAdds, bytes }: Work, milliseconds: number): KernelSpeed | undefined {
  if (!(milliseconds > 0)) return undefined;
  const seconds = milliseconds / 1000;
  return { gflops: (2 * multiplyAdds) / seconds / 1e9, gigabytesPerSecond: bytes / seconds / 1e9 };
}

/** As {@link kernelSpeed}, and its share of a roofline. */
export function kernelFigures(
  work: Work,
  milliseconds: number,
  { arithmetic, cache, memory }: Roofline,
): KernelFigures | undefined {
  const speed = kernelSpeed(work, milliseconds);
  if (!speed) return undefined;
  // What the small copies kept in a cache, a kernel can keep there too.
  const cached = (work.footprint ?? work.bytes) <= cache.footprint * 2 ** 20;
  const bandwidth = cached ? Math.max(cache.rate, memory.rate) : memory.rate;
  const [ofArithmetic, ofBandwidth] = [speed.gflops / arithmetic.rate, speed.gigabytesPerSecond / bandwidth];
  const nearest = cached ? "caches" : "memory";
  return ofArithmetic > ofBandwidth
    ? { ...speed, share: ofArithmetic, roof: "arithmetic" }
    : { ...speed, share: ofBandwidth, roof: nearest };
}
