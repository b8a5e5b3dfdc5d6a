import type { RandomStream } from "../../engine/random.js";
import type { BlurKernel } from "../blur-kernel.js";
import { type GaussianShape, gaussianKernel, KERNEL_SIZE } from "./gaussian-kernel.js";
import { VARIANCE_RANGE } from "./kernel-distribution.js";

/**
 * Draws a Gaussian from the paper's distribution: variances uniform in [0.35, 5] square pixels unless others are given, angle uniform in
 * [0, π), and with `noise` > 0 one factor per value, uniform in [1 − noise, 1 + noise] ({@link KERNEL_NOISE} in the
 * paper's non-Gaussian test). Draws in this order: λ1, λ2, θ, then the noise row by row.
 */
export function randomGaussian(
  random: RandomStream,
  noise = 0,
  variances: readonly [number, number] = VARIANCE_RANGE,
): GaussianShape {
  const lambda1 = random.uniformIn(...variances);
  const lambda2 = random.uniformIn(...variances);
  const theta = random.uniformIn(0, Math.PI);
  if (noise === 0) return { lambda1, lambda2, theta };
  const factors = Float64Array.from({ length: KERNEL_SIZE ** 2 }, () => random.uniformIn(-noise, noise));
  return { lambda1, lambda2, theta, noise: factors };
}

/** A random 11×11 kernel for ×2, sum 1, of the distribution of {@link randomGaussian}. */
export function randomKernel(random: RandomStream, noise = 0): BlurKernel<"correlation"> {
  return gaussianKernel(randomGaussian(random, noise));
}
