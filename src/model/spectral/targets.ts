import { mean } from "../../image/metrics/mean.js";
import type { Covariance } from "../../kernel/metrics/kernel-metrics.js";
import { SYMMETRIES } from "./symmetries.js";

/** The network's reading of an image. */
export interface SpectralReading {
  /** Covariance of the ×2 kernel, in square pixels of the high-resolution grid. */
  readonly covariance: Covariance;
  /** Standard deviation of the noise, in 255ths. */
  readonly noise: number;
  /**
   * Likely distance of the ×2 kernel from the Gaussian with its covariance: root of the sum of squared differences. 0 for a
   * Gaussian, and about 0.04 for one with the paper's kernel noise.
   */
  readonly nonGaussianity: number;
  /** Likely K-COV of the covariance, in square pixels. */
  readonly error: number;
}

/** The true values that a network learns; it learns its own error by itself. */
export type SpectralTruth = Omit<SpectralReading, "error">;

/** Rows of the network's output with true values: xx, yy, 2·xy, noise, non-Gaussianity. The row after them is the error. */
export const TARGETS = 5;

/** Rows whose absolute errors add up to K-COV. */
export const COVARIANCE_ROWS = 3;

/** The row of the non-Gaussianity. It is 0 for most kernels, and so would be a median: the network learns its mean. */
export const NON_GAUSSIANITY_ROW = 4;

/** Weight of the error in training relative to the covariance; its row is smaller by this factor. */
export const ERROR_WEIGHT = 0.2;

/** 255ths of noise that count as much as a square pixel in training. */
const NOISE_UNIT = 16;

/** The non-Gaussianity that is 1 in the rows. */
const NON_GAUSSIANITY_UNIT = 0.04;

/** The rows that a network should give for an image. */
export function targetsOf({ covariance, noise, nonGaussianity }: SpectralTruth): number[] {
  const { xx, xy, yy } = covariance;
  return [xx, yy, 2 * xy, noise / NOISE_UNIT, nonGaussianity / NON_GAUSSIANITY_UNIT];
}

/** Decodes the rows of one image. */
function readingOf(rows: readonly number[]): SpectralReading {
  const [xx, yy, twiceXy, noise, nonGaussianity, error] = rows;
  return {
    covariance: { xx, xy: twiceXy / 2, yy },
    noise: NOISE_UNIT * Math.max(0, noise),
    nonGaussianity: NON_GAUSSIANITY_UNIT * Math.max(0, nonGaussianity),
    error: Math.max(0, error) / ERROR_WEIGHT,
  };
}

/** Rows for the four symmetries [rows, 4] → the rows of each. */
export function columnsOf(rows: Float32Array): number[][] {
  const count = SYMMETRIES.length;
  return SYMMETRIES.map((_, column) =>
    Array.from({ length: rows.length / count }, (_, row) => rows[row * count + column]),
  );
}

/**
 * Decodes the rows [8, 4] for the four symmetries of an image, and averages them.
 * @param corrected another covariance for a symmetry's own, still turned.
 */
export function averageReading(
  rows: Float32Array,
  corrected: (covariance: Covariance, symmetry: number) => Covariance = (covariance) => covariance,
): SpectralReading {
  const readings = columnsOf(rows).map((column, i) => {
    const reading = readingOf(column);
    return { ...reading, ...SYMMETRIES[i].turn(corrected(reading.covariance, i)) };
  });
  const names = ["xx", "xy", "yy", "noise", "nonGaussianity", "error"] as const;
  const [xx, xy, yy, noise, nonGaussianity, error] = names.map((name) =>
    mean(readings.map((reading) => reading[name])),
  );
  return { covariance: { xx, xy, yy }, noise, nonGaussianity, error };
}
