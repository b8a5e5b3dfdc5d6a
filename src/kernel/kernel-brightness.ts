import type { BlurKernel } from "./blur-kernel.js";

/** Approximate side of a kernel's picture, in pixels. */
const PICTURE_SIDE = 352;

/** The values of a kernel as brightness: from 0, for 0 and below, to 1 for the largest. */
export function kernelBrightness({ values }: Pick<BlurKernel, "values">): Float64Array {
  const largest = values.reduce((most, value) => Math.max(most, value), 0);
  return Float64Array.from(values, (value) => (value > 0 ? value / largest : 0));
}

/** The side in pixels of the square that stands for a value in a kernel's picture. */
export function pictureUnit({ size }: Pick<BlurKernel, "size">): number {
  return Math.max(1, Math.round(PICTURE_SIDE / size));
}
