import type { Alignment } from "../align-kernel.js";
import type { BlurKernel } from "../blur-kernel.js";
import { kernelOffset } from "../kernel-offset.js";

/** Largest distance of a kernel's center from a grid that it still belongs to, in pixels of the large image. */
const TOLERANCE = 0.3;

/** Median of the positions of the small images' first pixels on the large grid, over kernels: of rows, and of columns. */
export function medianOffset(kernels: readonly BlurKernel[]): readonly [row: number, column: number] {
  const offsets = kernels.map(kernelOffset);
  const median = (values: readonly number[]): number => values.toSorted((a, b) => a - b)[values.length >> 1];
  return [median(offsets.map(([row]) => row)), median(offsets.map(([, column]) => column))];
}

/** The grid on which the centers of most of a benchmark's kernels lie; undefined if on neither. */
export function kernelGrid(kernels: readonly BlurKernel[], scale: number): Alignment | undefined {
  const offsets = medianOffset(kernels);
  const isNear = (place: number): boolean => offsets.every((offset) => Math.abs(offset - place) <= TOLERANCE);
  if (isNear((scale - 1) / 2)) return "photo";
  return isNear(-(scale - 1) / 2) ? "paper" : undefined;
}
