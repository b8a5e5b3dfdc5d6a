import { conv2d } from "./conv2d.js";
import { generate, type NdArray } from "./nd-array.js";

/**
 * The kernel of a chain of convolutions, read off its answer to a single bright pixel, which is the kernel
 * turned.
 */
export function collapse(weights: readonly NdArray[]): NdArray {
  const extent = 1 + weights.reduce((sum, w) => sum + (w.shape[2] as number) - 1, 0);
  const side = 2 * extent - 1;
  const impulse = generate([1, 1, side, side], (_n, _c, y, x) =>
    y === extent - 1 && x === extent - 1 ? 1 : 0,
  );
  const answer = weights.reduce((x, w) => conv2d(x, w), impulse);
  return { shape: [1, 1, extent, extent], data: answer.data.slice().reverse() };
}
