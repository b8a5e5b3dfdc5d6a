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
  return [resized(natural, size), resized(truth, size)];
}

/** A kernel with zeros around it, or its middle alone; both sides are odd. */
export function resized(kernel: BlurKernel<"correlation">, side: number): BlurKernel<"correlation"> {
  const { size, scale, values } = kernel;
  if (size === side) return kernel;
  const start = (side - size) / 2;
  const inside = (place: number): boolean => place >= 0 && place < side;
  const grid = new Float64Array(side ** 2);
  values.forEach((value, i) => {
    const [row, column] = [start + Math.floor(i / size), start + (i % size)];
    if (inside(row) && inside(column)) grid[row * side + column] = value;
  });
  return blurKernel(grid, scale);
}
