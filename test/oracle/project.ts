import { at, generate, type NdArray } from "./nd-array.js";

/** Weighted sum over channels plus bias: x [N, C, P], w [N, 1, C], bias [1] → [N, P]. */
export function project(x: NdArray, w: NdArray, bias: NdArray): NdArray {
  const [N = 0, C = 0, P = 0] = x.shape;
  return generate([N, P], (n, p) => {
    let sum = at(bias, 0);
    for (let c = 0; c < C; c++) sum += at(w, n, 0, c) * at(x, n, c, p);
    return sum;
  });
}
