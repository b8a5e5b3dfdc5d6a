import type { NdArray } from "./nd-array.js";

/** Element-wise 1 / (1 + e^−x). */
export function sigmoid(x: NdArray): NdArray {
  return { shape: x.shape, data: x.data.map((value) => 1 / (1 + Math.exp(-value))) };
}
