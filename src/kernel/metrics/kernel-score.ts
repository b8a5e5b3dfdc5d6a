import type { BlurKernel } from "../blur-kernel.js";
import { kernelCov, kernelPsnr } from "./kernel-metrics.js";
import { ofOneSize, onOneGrid } from "./one-grid.js";

/** How close a kernel is to the true one. */
export interface KernelScore {
  /** In dB; higher is better. */
  readonly kernelPsnr: number;
  /** K-COV in square pixels; lower is better. */
  readonly kernelCov: number;
}

/**
 * The scores of a kernel against the true one.
 * @param naturalGrid whether the true kernel lies on the natural grid.
 */
export function kernelScore(
  kernel: BlurKernel<"correlation">,
  truth: BlurKernel<"correlation">,
  naturalGrid = false,
): KernelScore {
  const pair = naturalGrid ? onOneGrid(kernel, truth) : ofOneSize(kernel, truth);
  // The mean over the true kernel's own square: zeros around it would make any estimate seem better.
  const square = 20 * Math.log10(truth.size / pair[1].size);
  return { kernelPsnr: kernelPsnr(...pair) + square, kernelCov: kernelCov(...pair) };
}
