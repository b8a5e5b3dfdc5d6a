import type { Covariance } from "../../kernel/metrics/kernel-metrics.js";

/** What the network says of an image. */
export interface SpectralReading {
  /** Of the ×2 kernel, in square pixels of the high-resolution grid. */
  readonly covariance: Covariance;
  /** Standard deviation of the noise, in 255ths. */
  readonly noise: number;
  /**
   * How far the ×2 kernel is likely to be from the Gaussian of its covariance: root of the sum of squared differences. 0 for
   * Gaussians; those with the paper's noise have about 0.04.
   */
  readonly nonGaussianity: number;
  /** Which K-COV the covariance is likely to have, in square pixels. */
  readonly error: number;
}

/** What a network is to say of an image; how wrong it will be it finds out itself. */
export type SpectralTruth = Omit<SpectralReading, "error">;

/** Rows of the network's output that are held against truths: xx, yy, 2·xy, noise, nonGaussianity. The row after them is the error. */
export const TARGETS = 5;

/** Rows whose absolute errors add up to K-COV. */
export const COVARIANCE_ROWS = 3;

/** The row of the nonGaussianity. Most kernels have none, so a median would nearly always be 0: of it the mean is learnt. */
export const NON_GAUSSIANITY_ROW = 4;

/** How much the error counts in training beside the covariance; its row is by so much smaller. */
export const ERROR_WEIGHT = 0.2;

/** 255ths of noise that count in training as much as a square pixel. */
const NOISE_UNIT = 16;

/** A nonGaussianity of 1 in the rows. */
const DEPARTURE_UNIT = 0.04;

/** The rows that a network is to say of an image. */
export function targetsOf({ covariance, noise, nonGaussianity }: SpectralTruth): number[] {
  const { xx, xy, yy } = covariance;
  return [xx, yy, 2 * xy, noise / NOISE_UNIT, nonGaussianity / DEPARTURE_UNIT];
}

/** What the rows of one image say. */
export function readingOf(rows: readonly number[]): SpectralReading {
  const [xx = 0, yy = 0, twiceXy = 0, noise = 0, nonGaussianity = 0, error = 0] = rows;
  return {
    covariance: { xx, xy: twiceXy / 2, yy },
    noise: NOISE_UNIT * Math.max(0, noise),
    nonGaussianity: DEPARTURE_UNIT * Math.max(0, nonGaussianity),
    error: Math.max(0, error) / ERROR_WEIGHT,
  };
}
