import { type BlurKernel, blurKernel } from "./blur-kernel.js";

/** A kernel moved by whole pixels on a grid that holds it, zeros around it. */
export function moveKernel(
  { size, scale, values }: BlurKernel<"correlation">,
  down: number,
  right: number,
): BlurKernel<"correlation"> {
  const margin = Math.max(Math.abs(down), Math.abs(right));
  const side = size + 2 * margin;
  const moved = new Float64Array(side ** 2);
  values.forEach((value, i) => {
    const row = Math.floor(i / size) + margin + down;
    moved[row * side + (i % size) + margin + right] = value;
  });
  return blurKernel(moved, scale);
}
