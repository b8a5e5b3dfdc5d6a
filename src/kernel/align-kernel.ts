import { asCorrelation, type BlurKernel, blurKernel } from "./blur-kernel.js";
import { kernelOffset } from "./kernel-offset.js";
import { moveKernel } from "./move-kernel.js";

/**
 * The place of an upscaled picture. "photo": exactly over a plain enlargement, on the natural grid, where small pixel i lies at
 * `s·i + (s − 1) / 2`. "paper": where the kernel puts it; the benchmarks' kernels put small pixel i at `s·i − (s − 1) / 2`.
 */
export const ALIGNMENTS = ["photo", "paper"] as const;

export type Alignment = (typeof ALIGNMENTS)[number];

/** A shorter way than this, in pixels of the large image, cannot be seen: kernels of the paper are cut off unevenly by as much. */
const NEGLIGIBLE = 0.02;

/** Zeros around a kernel that is moved by parts of a pixel, so that it does not wrap around. */
const MARGIN = 6;

/**
 * Moves a kernel so that its center of mass lies on the natural grid: by whole pixels, then by the rest, band-limited. At ×1 all
 * grids are one, and the kernel stays where it is.
 */
export function alignKernel(kernel: BlurKernel, scale: number, alignment: Alignment): BlurKernel {
  if (alignment === "paper" || scale === 1) return kernel;
  const correlation = asCorrelation(kernel);
  const ways = kernelOffset(correlation).map((place) => (scale - 1) / 2 - place);
  const [down, right] = ways.map(Math.round);
  const whole = down === 0 && right === 0 ? correlation : moveKernel(correlation, down, right);
  const rest = ways.map((way) => way - Math.round(way));
  return rest.some((way) => Math.abs(way) > NEGLIGIBLE) ? moveByParts(whole, rest[0], rest[1]) : whole;
}

/** Moves a kernel by less than a pixel. */
function moveByParts(
  { size, scale, values }: BlurKernel<"correlation">,
  down: number,
  right: number,
): BlurKernel<"correlation"> {
  // An odd period has no frequency that lacks a phase.
  const side = size + 2 * MARGIN + (size % 2 === 0 ? 1 : 0);
  const padded = new Float64Array(side ** 2);
  values.forEach((value, i) => {
    padded[(Math.floor(i / size) + MARGIN) * side + (i % size) + MARGIN] = value;
  });
  const along = alongRows(padded, side, right);
  const moved = transposed(alongRows(transposed(along, side), side, down), side);
  return blurKernel(moved, scale);
}

/** Moves each row of a square by periodic band-limited interpolation. */
function alongRows(values: Float64Array, side: number, way: number): Float64Array {
  const weights = Float64Array.from({ length: side }, (_, i) => dirichlet(i - way, side));
  return values.map((_, i) => {
    const row = i - (i % side);
    let sum = 0;
    for (let j = 0; j < side; j++) sum += values[row + j] * weights[((i % side) - j + side) % side];
    return sum;
  });
}

function dirichlet(x: number, period: number): number {
  const below = period * Math.sin((Math.PI * x) / period);
  return Math.abs(below) < 1e-12 ? 1 : Math.sin(Math.PI * x) / below;
}

/** A square whose rows are the columns of another, of values row by row. */
export function transposed(values: Float64Array, side: number): Float64Array {
  return values.map((_, i) => values[(i % side) * side + Math.floor(i / side)]);
}
