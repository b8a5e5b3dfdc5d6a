import { at, generate, type NdArray } from "./nd-array.js";

/** Weighted sum over channels plus bias: x [N, C, P], w [N, H, C], bias [H] → [N, H, P]. */
export function project(x: NdArray, w: NdArray, bias: NdArray): NdArray {
  const [N = 0, C = 0, P = 0] = x.shape;
  const H = bias.data.length;
  return generate([N, H, P], (n, h, p) => {
    let sum = at(bias, h);
    for (let c = 0; c < C; c++) sum += at(w, n, h, c) * at(x, n, c, p);
    return sum;
  });
}
