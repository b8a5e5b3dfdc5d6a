import type { BlurKernel } from "../blur-kernel.js";
import { centeredKernel } from "../kernel-shift.js";
import { type Covariance, kernelCovariance } from "../metrics/kernel-metrics.js";
import { clampedCovariance, principalAxes } from "../metrics/principal-axes.js";
import { KERNEL_SIZE, plainGaussian } from "./gaussian-kernel.js";

/**
 * Variances along the axes that the 11×11 kernels of the benchmarks have, in square pixels of the high-resolution grid: at
 * least those of the paper's narrowest Gaussian, at most those of a camera's longest motion. (The paper's widest Gaussian
 * has 4.6 after the grid has cut off its tails.)
 */
export const KERNEL_VARIANCES = [0.36, 6.2] as const;

/** Variances that are tried for the Gaussian before it is cut off. */
const GAUSSIAN_VARIANCES = [0.2, 20] as const;

/** Each round leaves a third of the difference or less. */
const ROUNDS = 16;

/** What a round corrects, of the difference: more than all of it, since a part falls off the grid. */
const STEP = 1.3;

/**
 * The 11×11 Gaussian kernel for ×2 whose own covariance is the one given: not that of the Gaussian, which loses its tails
 * to the grid. Variances outside {@link KERNEL_VARIANCES} are brought into it.
 */
export function covarianceKernel(covariance: Covariance): BlurKernel<"correlation"> {
  const wanted = clampedCovariance(covariance, KERNEL_VARIANCES);
  let gaussian = wanted;
  let kernel = gaussianOf(gaussian);
  for (let round = 0; round < ROUNDS; round++) {
    const { xx, xy, yy } = kernelCovariance(kernel);
    gaussian = clampedCovariance(
      {
        xx: gaussian.xx + STEP * (wanted.xx - xx),
        xy: gaussian.xy + STEP * (wanted.xy - xy),
        yy: gaussian.yy + STEP * (wanted.yy - yy),
      },
      GAUSSIAN_VARIANCES,
    );
    kernel = gaussianOf(gaussian);
  }
  return kernel;
}

function gaussianOf(covariance: Covariance): BlurKernel<"correlation"> {
  const { wide, narrow, theta } = principalAxes(covariance);
  return centeredKernel(plainGaussian(wide, narrow, theta), KERNEL_SIZE);
}
