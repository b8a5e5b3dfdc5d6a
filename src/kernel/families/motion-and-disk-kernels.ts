import type { RandomStream } from "../../engine/random.js";
import type { BlurKernel } from "../blur-kernel.js";
import { centeredKernel } from "../kernel-shift.js";
import { KERNEL_SIZE } from "./gaussian-kernel.js";
import { sampledValues } from "./sampled-values.js";

/** What the lens does besides, as the standard deviation of a Gaussian in pixels of the high-resolution grid. */
const LENS = 0.6;

/** Points a pixel has along each axis. */
const FINE = 8;

/** Lengths of a motion and radii of a disk, in pixels of the high-resolution grid. */
const LENGTHS = [2, 7] as const;
const RADII = [1, 4] as const;

/**
 * The ×2 kernel of an even blur: all points within a radius from a line count alike, and the edge is as soft as the lens.
 * @param length of the line, in pixels of the high-resolution grid.
 * @param theta angle of the line in radians from the column direction, toward increasing rows.
 * @param radius in pixels of the high-resolution grid.
 * @param size of the kernel, odd.
 */
export function evenKernel(
  length: number,
  theta: number,
  radius: number,
  size = KERNEL_SIZE,
): BlurKernel<"correlation"> {
  const sampling = { size, fine: FINE, middle: size / 2 };
  const values = sampledValues(sampling, theta, (along, across) => {
    const beyond = Math.max(0, Math.abs(along) - length / 2);
    const squared = radius
      ? Math.max(0, Math.hypot(beyond, across) - radius) ** 2
      : beyond ** 2 + across ** 2;
    return Math.exp(-squared / (2 * LENS ** 2));
  });
  return centeredKernel(values, size);
}

/**
 * The ×2 kernel of a camera that moved evenly along a line: a bar of Gaussian profile.
 * @param length of the line, in pixels of the high-resolution grid.
 * @param theta angle in radians from the column direction, toward increasing rows.
 */
export function motionKernel(length: number, theta: number): BlurKernel<"correlation"> {
  return evenKernel(length, theta, 0);
}

/**
 * The ×2 kernel of a lens out of focus: a disk, its edge as soft as the lens.
 * @param radius in pixels of the high-resolution grid.
 */
export function diskKernel(radius: number): BlurKernel<"correlation"> {
  return evenKernel(0, 0, radius);
}

/** A random {@link motionKernel}: length uniform in [2, 7], angle in [0, π). Draws the length first. */
export function randomMotionKernel(random: RandomStream): BlurKernel<"correlation"> {
  const length = random.uniformIn(...LENGTHS);
  return motionKernel(length, random.uniformIn(0, Math.PI));
}

/** A random {@link diskKernel}: radius uniform in [1, 4]. */
export function randomDiskKernel(random: RandomStream): BlurKernel<"correlation"> {
  return diskKernel(random.uniformIn(...RADII));
}
