import { generate, type NdArray } from "./nd-array.js";

/** Transposed convolution with stride 2 of x [N, I, H, W] with w [I, O, 2, 2]. */
export function upsample2x2(x: NdArray, w: NdArray): NdArray {
  const [N = 0, I = 0, H = 0, W = 0] = x.shape;
  const O = w.shape[1] as number;
  return generate([N, O, 2 * H, 2 * W], (n, o, r, c) => {
    let sum = 0;
    for (let i = 0; i < I; i++) {
      const weight = w.data[((i * O + o) * 2 + (r % 2)) * 2 + (c % 2)] as number;
      sum += weight * (x.data[((n * I + i) * H + (r >> 1)) * W + (c >> 1)] as number);
    }
    return sum;
  });
}
