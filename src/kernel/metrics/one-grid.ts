import { type BlurKernel, blurKernel } from "../blur-kernel.js";
import { toNaturalGrid } from "../natural-kernel.js";

/** An estimate on the paper's grid and a photo's true kernel on the natural one, of any odd sizes, as two kernels that can be compared. */
export function onOneGrid(
  estimate: BlurKernel<"correlation">,
  truth: BlurKernel<"correlation">,
): [estimate: BlurKernel<"correlation">, truth: BlurKernel<"correlation">] {
  // The true one is compared with itself, too.
  if (estimate === truth) return [truth, truth];
  const natural = toNaturalGrid(estimate);
  const size = Math.max(natural.size, truth.size);
  return [padded(natural, size), padded(truth, size)];
}

function padded({ size, scale, values }: BlurKernel<"correlation">, side: number): BlurKernel<"correlation"> {
  const start = (side - size) / 2;
  const grid = new Float64Array(side ** 2);
  values.forEach((value, i) => {
    grid[(start + Math.floor(i / size)) * side + start + (i % size)] = value;
  });
  return blurKernel(grid, scale);
}
