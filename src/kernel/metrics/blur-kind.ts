import type { BlurKernel } from "../blur-kernel.js";
import { kernelSpread } from "./kernel-spread.js";

/** A cause of blur and its size, in pixels of the high-resolution grid. */
export type BlurKind =
  | { readonly kind: "disk"; readonly radius: number }
  /** Angle in degrees, 0 to 180, counter-clockwise from horizontal. */
  | { readonly kind: "motion"; readonly length: number; readonly degrees: number };

/** A blur whose standard deviations differ by at least this factor can be a motion. */
export const LONG = 1.8;

/** A blur whose standard deviations differ by no more than this factor can be a disk. */
const ROUND = 1.15;

/** Less than these fourth moments, relative to the squared variance, are those of flat profiles; a Gaussian has 3 along a line, 2 around a point. */
const FLAT_LINE = 2.25;
const FLAT_DISK = 1.7;

/** The blur that a kernel looks like, if its profile is as flat as that of an even motion or of a lens out of focus. */
export function blurKind(kernel: BlurKernel): BlurKind | undefined {
  const spread = kernelSpread(kernel);
  if (!spread) return undefined;
  const { wide, narrow, degrees, row, column } = spread;
  const angle = (-degrees * Math.PI) / 180;
  let [along, around, sum] = [0, 0, 0];
  kernel.values.forEach((value, i) => {
    const [y, x] = [Math.floor(i / kernel.size) - row, (i % kernel.size) - column];
    along += value * (Math.cos(angle) * x + Math.sin(angle) * y) ** 4;
    around += value * (x ** 2 + y ** 2) ** 2;
    sum += value;
  });
  // The variance of an even line is a twelfth of its squared length, each of a disk's a quarter of its squared radius.
  if (wide > LONG * narrow && along / sum < FLAT_LINE * wide ** 4) {
    return { kind: "motion", length: Math.sqrt(12 * (wide ** 2 - narrow ** 2)), degrees };
  }
  if (wide < ROUND * narrow && around / sum < FLAT_DISK * (wide ** 2 + narrow ** 2) ** 2) {
    return { kind: "disk", radius: Math.sqrt(2 * (wide ** 2 + narrow ** 2)) };
  }
  return undefined;
}
