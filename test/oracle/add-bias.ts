import { at, generate, type NdArray } from "./nd-array.js";

/** x [1, M, P] + bias [M], or what of it is positive. */
export function addBias(x: NdArray, bias: NdArray, relu: boolean): NdArray {
  return generate(x.shape, (_, m, p) => {
    const sum = at(x, 0, m, p) + at(bias, m);
    return relu ? Math.max(0, sum) : sum;
  });
}
