/** What is known of an image before it is upscaled. */
export interface Uncertainty {
  /** Standard deviation of its noise, in 255ths. */
  readonly noise: number;
  /** K-COV that its kernel is likely to have, in square pixels; 0 for the true one. */
  readonly error: number;
}

/** 255ths for each square pixel of K-COV: fitted on training photos, see docs/accuracy.md. */
const PER_ERROR = 2;

/**
 * The noise level, in 255ths, with which an image is best upscaled. An upscaler that is told too little of it
 * sharpens what is wrong with the kernel as well as the noise, so it is more than the noise by what the kernel's error is like.
 */
export function automaticSigma({ noise, error }: Uncertainty): number {
  return Math.hypot(noise, PER_ERROR * error);
}
