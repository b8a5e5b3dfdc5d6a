import type { Covariance } from "../model/metrics/kernel-metrics.js";

/** What the network says of an image. */
export interface SpectralReading {
  /** Of the ×2 kernel, in square pixels of the high-resolution grid. */
  readonly covariance: Covariance;
  /** Standard deviation of the noise, in 255ths. */
  readonly noise: number;
  /** Which K-COV the covariance is likely to have, in square pixels. */
  readonly error: number;
}

/** Rows of the network's output that are held against truths: xx, yy, 2·xy, noise. The row after them is the error. */
export const TARGETS = 4;

/** Rows whose absolute errors add up to K-COV. */
export const COVARIANCE_ROWS = 3;

/** How much the error counts in training beside the covariance; its row is by so much smaller. */
export const ERROR_WEIGHT = 0.2;

/** 255ths of noise that count in training as much as a square pixel. */
const NOISE_UNIT = 16;

/** The rows that a network is to say of an image with this covariance and noise. */
export function targetsOf({ xx, xy, yy }: Covariance, noise: number): number[] {
  return [xx, yy, 2 * xy, noise / NOISE_UNIT];
}

/** What the rows of one image say. */
export function readingOf(rows: readonly number[]): SpectralReading {
  const [xx = 0, yy = 0, twiceXy = 0, noise = 0, error = 0] = rows;
  return {
    covariance: { xx, xy: twiceXy / 2, yy },
    noise: NOISE_UNIT * Math.max(0, noise),
    error: Math.max(0, error) / ERROR_WEIGHT,
  };
}
