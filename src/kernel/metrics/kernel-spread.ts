import type { BlurKernel } from "../blur-kernel.js";
import { centerOfMass } from "../kernel-offset.js";
import { kernelSum, normalizeKernel } from "../normalize-kernel.js";
import { type Covariance, kernelCovariance } from "./kernel-metrics.js";
import { principalAxes } from "./principal-axes.js";

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
  if (!(Math.abs(kernelSum(kernel) - 1) < SUM_TOLERANCE)) return undefined;
  const normal = normalizeKernel(kernel);
  const covariance = kernelCovariance(normal);
  const { wide, narrow, theta } = principalAxes(covariance);
  if (!(narrow > 0)) return undefined;
  const [row, column] = centerOfMass(normal);
  // Rows count downwards, angles upwards.
  const degrees = (-theta * 180) / Math.PI;
  return {
    covariance,
    row,
    column,
    wide: Math.sqrt(wide),
    narrow: Math.sqrt(narrow),
    degrees: (degrees + 180) % 180,
  };
}
