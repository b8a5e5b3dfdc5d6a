import type { BlurKernel } from "../blur-kernel.js";
import { KernelError } from "../errors.js";
import { centeredKernel } from "../kernel-shift.js";
import { type Sampling, sampledValues } from "./sampled-values.js";

export const KERNEL_SIZE = 11;

/** The authors' Gaussians have their mean at 5.5. */
const SAMPLING: Sampling = { size: KERNEL_SIZE, fine: 1, middle: 6 };

/** An anisotropic Gaussian. */
export interface GaussianShape {
  /** Variance along the first axis, in square pixels of the high-resolution grid. */
  readonly lambda1: number;
  /** Variance along the second axis, perpendicular to the first. */
  readonly lambda2: number;
  /** Angle in radians from the column direction to the first axis, toward increasing rows. */
  readonly theta: number;
  /** `11²` numbers: each value of the Gaussian is multiplied by one plus its number (the "non-Gaussian" kernels). */
  readonly noise?: ArrayLike<number>;
}

/**
 * The Gaussian with its noise, before it is centered and divided by its sum: `11²` values, row by row, peak near 1.
 * Covariance `R(θ) diag(λ1, λ2) R(θ)ᵀ` over (column, row), mean 5.5 on both axes.
 * @throws {KernelError} if a variance is not positive or the noise has not 11² numbers.
 */
export function gaussianValues({ lambda1, lambda2, theta, noise }: GaussianShape): Float64Array {
  if (!(lambda1 > 0 && lambda2 > 0)) {
    throw new KernelError(`A Gaussian's variances are positive; got ${lambda1} and ${lambda2}.`);
  }
  if (noise && noise.length !== KERNEL_SIZE ** 2) {
    throw new KernelError(`Kernel noise has ${KERNEL_SIZE ** 2} numbers; got ${noise.length}.`);
  }
  return plainGaussian(lambda1, lambda2, theta).map((value, i) => value * (1 + (noise?.[i] ?? 0)));
}

/** {@link gaussianValues} without noise and without checks. */
export function plainGaussian(lambda1: number, lambda2: number, theta: number): Float64Array {
  return sampledValues(SAMPLING, theta, (along, across) =>
    Math.exp(-(along ** 2 / lambda1 + across ** 2 / lambda2) / 2),
  );
}

/**
 * The 11×11 blur kernel for ×2 of a Gaussian: centered on 4.5 on both axes, sum 1.
 * @throws {KernelError} if a variance is not positive or the noise has not 11² numbers.
 */
export function gaussianKernel(shape: GaussianShape): BlurKernel<"correlation"> {
  return centeredKernel(gaussianValues(shape), KERNEL_SIZE);
}
