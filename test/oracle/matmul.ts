import { generate, type NdArray } from "./nd-array.js";

/** a [N, M, K] · b [N, K, P]. */
export function matmul(a: NdArray, b: NdArray): NdArray {
  const [N = 0, M = 0, K = 0] = a.shape;
  const P = b.shape[2] as number;
  return generate([N, M, P], (n, m, p) => {
    let sum = 0;
    for (let k = 0; k < K; k++) {
      sum += (a.data[(n * M + m) * K + k] as number) * (b.data[(n * K + k) * P + p] as number);
    }
    return sum;
  });
}
