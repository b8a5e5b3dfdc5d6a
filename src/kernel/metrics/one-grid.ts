import { type BlurKernel, blurKernel } from "../blur-kernel.js";
import { toNaturalGrid } from "../natural-kernel.js";

/** An estimate on the paper's grid and a true kernel on the natural one, of any sizes, as two kernels that can be compared. */
export function onOneGrid(
  estimate: BlurKernel<"correlation">,
  truth: BlurKernel<"correlation">,
): [estimate: BlurKernel<"correlation">, truth: BlurKernel<"correlation">] {
  // The true one is compared with itself, too.
  if (estimate === truth) return [truth, truth];
  return ofOneSize(toNaturalGrid(estimate), truth);
}

/** Two kernels of any sizes on one grid, with zeros around the smaller one. */
export function ofOneSize(
  a: BlurKernel<"correlation">,
  b: BlurKernel<"correlation">,
): [a: BlurKernel<"correlation">, b: BlurKernel<"correlation">] {
  if (a.size === b.size) return [a, b];
  // An odd square has room for an even one around the middle that both have.
  const size = Math.max(a.size, b.size) | 1;
  return [padded(a, size), padded(b, size)];
}

function padded({ size, scale, values }: BlurKernel<"correlation">, side: number): BlurKernel<"correlation"> {
  const start = Math.floor(side / 2) - Math.floor(size / 2);
  const grid = new Float64Array(side ** 2);
  values.forEach((value, i) => {
    grid[(start + Math.floor(i / size)) * side + start + (i % size)] = value;
  });
  return blurKernel(grid, scale);
}
