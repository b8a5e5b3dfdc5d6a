/** How far an estimated kernel is likely to be from the true one. */
export interface KernelUncertainty {
  /** Likely K-COV, in square pixels. */
  readonly error: number;
  /**
   * Likely distance of the true kernel from the estimated one, or from a Gaussian where the estimate is about one: root of the
   * sum of squared differences of their values.
   */
  readonly nonGaussianity: number;
}

/** The uncertainty of a kernel, and the noise of its image. */
export interface PhotoUncertainty extends KernelUncertainty {
  /** Standard deviation of the noise, in 255ths. */
  readonly noise: number;
}

/** The uncertainty of a kernel that is known to be true. */
export const CERTAIN: KernelUncertainty = { error: 0, nonGaussianity: 0 };
