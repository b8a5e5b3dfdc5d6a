import type { RandomStream } from "../../engine/random.js";
import { type BlurKernel, blurKernel } from "../blur-kernel.js";
import { shiftKernel } from "../kernel-shift.js";
import { moveKernel } from "../move-kernel.js";
import { normalizeKernel } from "../normalize-kernel.js";
import type { BlurShape, LensBlur } from "./blur-shape.js";
import { lensKernel } from "./lens-kernel.js";

const SCALE = 2;

/** Radii of a lens far out of focus, lengths of a long shake, and what the lens does besides; in pixels of the high-resolution grid. */
const RADII = [4, 8] as const;
const LENGTHS = [7, 15] as const;
const LENS = [0.4, 0.8] as const;

/** Corners of an aperture that is not open; the upper bound is not reached. */
const CORNERS = [5, 9] as const;

/** By how much a shake turns on its way, in radians. */
const BENDS = [0.3, 1.5] as const;

/**
 * The ×2 kernel of a blur where the paper's lie: centered half a pixel before its middle on both axes, sum 1. As large as the blur,
 * with an odd side.
 */
export function paperKernel(blur: LensBlur): BlurKernel<"correlation"> {
  const { size, values } = lensKernel(blur);
  // The way of half a pixel wants room.
  const roomy = moveKernel(blurKernel(values, SCALE), -1, -1);
  return normalizeKernel(blurKernel(shiftKernel(roomy.values, size + 2, SCALE), SCALE));
}

/** A random {@link paperKernel} of a lens out of focus: its aperture a disk or a polygon, of a radius uniform in [4, 8]. */
export function randomDefocusKernel(random: RandomStream): BlurKernel<"correlation"> {
  const radius = random.uniformIn(...RADII);
  const isOpen = random.uniform() < 0.5;
  const corners = Math.floor(random.uniformIn(...CORNERS));
  const angle = random.uniformIn(0, Math.PI);
  const shape: BlurShape = isOpen ? { kind: "disk", radius } : { kind: "polygon", radius, corners, angle };
  return paperKernel({ shape, lens: random.uniformIn(...LENS) });
}

/** A random {@link paperKernel} of a camera that moved along an arc: of a length uniform in [7, 15], bent to either side. */
export function randomShakeKernel(random: RandomStream): BlurKernel<"correlation"> {
  const length = random.uniformIn(...LENGTHS);
  const angle = random.uniformIn(0, 2 * Math.PI);
  const bend = random.uniformIn(...BENDS);
  return paperKernel({ shape: { kind: "motion", length, angle, bend }, lens: random.uniformIn(...LENS) });
}
