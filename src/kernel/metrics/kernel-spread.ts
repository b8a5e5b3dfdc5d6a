import type { BlurKernel } from "../blur-kernel.js";
import { type Covariance, kernelCovariance } from "./kernel-metrics.js";

/** Largest distance of a kernel's sum from 1 for which its width means anything. */
const SUM_TOLERANCE = 0.5;

/** A kernel as an ellipse: its center, its widths and its direction. Lengths are in pixels. */
export interface KernelSpread {
  readonly covariance: Covariance;
  /** Center of mass, from the middle of the first value. */
  readonly row: number;
  readonly column: number;
  /** Standard deviation along the longer and the shorter axis. */
  readonly wide: number;
  readonly narrow: number;
  /** Direction of the longer axis, 0 to 180, counterclockwise from horizontal. */
  readonly degrees: number;
}

/** The spread of a kernel divided by its sum; undefined if the result is not a distribution with a width. */
export function kernelSpread(kernel: BlurKernel): KernelSpread | undefined {
  const { size } = kernel;
  const sum = kernel.values.reduce((total, value) => total + value, 0);
  if (!(Math.abs(sum - 1) < SUM_TOLERANCE)) return undefined;
  const values = kernel.values.map((value) => value / sum);
  const covariance = kernelCovariance({ ...kernel, values });
  const { xx, xy, yy } = covariance;
  const middle = (xx + yy) / 2;
  const half = Math.hypot((xx - yy) / 2, xy);
  if (!(middle - half > 0)) return undefined;
  let row = 0;
  let column = 0;
  values.forEach((value, i) => {
    row += value * Math.floor(i / size);
    column += value * (i % size);
  });
  // Rows count downwards, angles upwards.
  const degrees = ((Math.atan2(-2 * xy, xx - yy) / 2) * 180) / Math.PI;
  return {
    covariance,
    row,
    column,
    wide: Math.sqrt(middle + half),
    narrow: Math.sqrt(middle - half),
    degrees: (degrees + 180) % 180,
  };
}
