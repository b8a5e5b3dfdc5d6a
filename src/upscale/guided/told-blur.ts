import type { BlurKernel } from "../../kernel/blur-kernel.js";
import { type Covariance, kernelCovariance, scaledCovariance } from "../../kernel/metrics/kernel-metrics.js";

/**
 * Variances of both axes together, in square pixels of the small image, beyond which the network is told a narrower kernel and as much
 * less error: it has learned from few that are wider, and what it makes of larger numbers can be noise. Chosen on training photos,
 * see docs/notes/upscaling/2026-11-29-wide-blur.md.
 */
const WIDEST = 3.5;

/**
 * What the network for photos is told of a kernel on the natural grid.
 * @param expected the kernel's expected error, K-COV in square pixels.
 */
export function toldBlur(
  kernel: BlurKernel,
  scale: number,
  expected: number,
): { covariance: Covariance; error: number } {
  const covariance = kernelCovariance(kernel);
  const share = Math.min(1, (WIDEST * scale ** 2) / (covariance.xx + covariance.yy));
  return { covariance: scaledCovariance(covariance, share), error: share * expected };
}
