import type { RandomStream } from "../../engine/random.js";
import type { BlurKernel } from "../blur-kernel.js";
import { sampledKernel } from "./sampled-kernel.js";

/** What the lens does besides, as the standard deviation of a Gaussian in pixels of the high-resolution grid. */
const LENS = 0.6;

/** Lengths of a motion and radii of a disk, in pixels of the high-resolution grid. */
const LENGTHS = [2, 7] as const;
const RADII = [1, 4] as const;

/**
 * The ×2 kernel of a camera that moved evenly along a line: a bar of Gaussian profile.
 * @param length of the line, in pixels of the high-resolution grid.
 * @param theta angle in radians from the column direction, toward increasing rows.
 */
export function motionKernel(length: number, theta: number): BlurKernel<"correlation"> {
  const [cos, sin] = [Math.cos(theta), Math.sin(theta)];
  return sampledKernel((right, down) => {
    const beyond = Math.max(0, Math.abs(cos * right + sin * down) - length / 2);
    const across = cos * down - sin * right;
    return Math.exp(-(beyond ** 2 + across ** 2) / (2 * LENS ** 2));
  });
}

/**
 * The ×2 kernel of a lens out of focus: a disk, its edge as soft as the lens.
 * @param radius in pixels of the high-resolution grid.
 */
export function diskKernel(radius: number): BlurKernel<"correlation"> {
  return sampledKernel((right, down) => {
    const beyond = Math.max(0, Math.hypot(right, down) - radius);
    return Math.exp(-(beyond ** 2) / (2 * LENS ** 2));
  });
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
