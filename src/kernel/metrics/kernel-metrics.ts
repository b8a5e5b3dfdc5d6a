import { psnr } from "../../image/metrics/psnr.js";
import type { BlurKernel } from "../blur-kernel.js";
import { KernelError } from "../errors.js";

/**
 * Kernel PSNR in dB: `10 log10(1 / mean squared difference)`, peak 1 (as evaluated in MetaKernelGAN). Infinite for equal
 * kernels.
 * @throws {KernelError} if the kernels differ in size or orientation.
 */
export function kernelPsnr(estimate: BlurKernel, truth: BlurKernel): number {
  assertComparable(estimate, truth);
  return psnr(estimate.values, truth.values, 1);
}

/** Entries of a symmetric 2×2 covariance matrix in square pixels. */
export interface Covariance {
  readonly xx: number;
  readonly xy: number;
  readonly yy: number;
}

/** The covariance of a blur whose variances are so many times as large. */
export function scaledCovariance({ xx, xy, yy }: Covariance, factor: number): Covariance {
  return { xx: factor * xx, xy: factor * xy, yy: factor * yy };
}

/**
 * Covariance of a kernel taken as a distribution over columns x and rows y: `Σ xy·k − (Σ x·k)(Σ y·k)` and so on. The
 * kernel is not divided by its sum, so that an estimate that does not sum to 1 scores worse.
 */
export function kernelCovariance({ size, values }: BlurKernel): Covariance {
  let x = 0;
  let y = 0;
  let xx = 0;
  let xy = 0;
  let yy = 0;
  for (let row = 0; row < size; row++) {
    for (let column = 0; column < size; column++) {
      const value = values[row * size + column];
      x += column * value;
      y += row * value;
      xx += column * column * value;
      xy += column * row * value;
      yy += row * row * value;
    }
  }
  return { xx: xx - x * x, xy: xy - x * y, yy: yy - y * y };
}

/**
 * K-COV: sum of the absolute differences of the four entries of the kernels' covariance matrices, in
 * square pixels (as evaluated in MetaKernelGAN). Zero is best.
 * @throws {KernelError} if the kernels differ in size or orientation.
 */
export function kernelCov(estimate: BlurKernel, truth: BlurKernel): number {
  assertComparable(estimate, truth);
  const a = kernelCovariance(estimate);
  const b = kernelCovariance(truth);
  return Math.abs(a.xx - b.xx) + 2 * Math.abs(a.xy - b.xy) + Math.abs(a.yy - b.yy);
}

function assertComparable(a: BlurKernel, b: BlurKernel): void {
  if (a.size !== b.size || a.orientation !== b.orientation) {
    throw new KernelError(
      `These kernels cannot be compared: ${a.size}×${a.size} for ${a.orientation}, ` +
        `and ${b.size}×${b.size} for ${b.orientation}.`,
    );
  }
}
