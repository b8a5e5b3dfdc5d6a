/** What is likely to be wrong with a kernel. */
export interface KernelUncertainty {
  /** K-COV, in square pixels. */
  readonly error: number;
  /** How far the true kernel is from a Gaussian: root of the sum of squared differences. */
  readonly nonGaussianity: number;
}

/** Of a true kernel. */
export const CERTAIN: KernelUncertainty = { error: 0, nonGaussianity: 0 };

/** What is known of an image before it is upscaled, such as the estimate of its spectrum. */
export interface Uncertainty extends KernelUncertainty {
  /** Standard deviation of its noise, in 255ths. */
  readonly noise: number;
}

/**
 * What does no harm, and 255ths for each unit beyond it; fitted on training photos, see docs/accuracy.md. Of a Gaussian, too, the
 * network says a little nonGaussianity.
 */
const HARMLESS: KernelUncertainty = { error: 0.4, nonGaussianity: 0.005 };
const PER_ERROR = 4;
const PER_DEPARTURE = 50;

/** More would blur away what an upscaler can still do with a kernel that is far off. */
const MAXIMUM = 4;

/**
 * The noise level with which an image is best upscaled, in 255ths. An upscaler that is told too little of it
 * sharpens what is wrong with the kernel as well as the noise, so it is more than the noise by what the kernel is like.
 */
export function automaticSigma({ noise, error, nonGaussianity }: Uncertainty): number {
  const faults =
    PER_ERROR * Math.max(0, error - HARMLESS.error) +
    PER_DEPARTURE * Math.max(0, nonGaussianity - HARMLESS.nonGaussianity);
  return Math.hypot(noise, Math.min(faults, MAXIMUM));
}
