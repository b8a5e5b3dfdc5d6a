import type { Covariance } from "./kernel-metrics.js";

/** A covariance by its axes. */
export interface PrincipalAxes {
  /** Variance along the longer axis, and along the shorter one. */
  readonly wide: number;
  readonly narrow: number;
  /** Angle in radians from the column direction to the longer axis, toward increasing rows. */
  readonly theta: number;
}

export function principalAxes({ xx, xy, yy }: Covariance): PrincipalAxes {
  const middle = (xx + yy) / 2;
  const half = Math.hypot((xx - yy) / 2, xy);
  return { wide: middle + half, narrow: middle - half, theta: Math.atan2(2 * xy, xx - yy) / 2 };
}

/** The covariance of the same axes, its variances brought between two positive bounds: so it is positive definite. */
export function clampedCovariance(
  covariance: Covariance,
  [least, most]: readonly [number, number],
): Covariance {
  const { wide, narrow, theta } = principalAxes(covariance);
  const clamp = (variance: number): number => Math.min(Math.max(variance, least), most);
  const [cos, sin] = [Math.cos(theta), Math.sin(theta)];
  const [a, b] = [clamp(wide), clamp(narrow)];
  return {
    xx: a * cos ** 2 + b * sin ** 2,
    xy: (a - b) * cos * sin,
    yy: a * sin ** 2 + b * cos ** 2,
  };
}
