import { at, generate, type NdArray } from "./nd-array.js";

/**
 * Batch normalization of each item by itself: x [N, C, P], without the ReLU, so that a test can see its
 * kinks.
 */
export function batchNorm(x: NdArray, gamma: NdArray, beta: NdArray): NdArray {
  const [N = 0, C = 0, P = 0] = x.shape;
  const moments = generate([N, C, 2], (n, c, which) => {
    const start = (n * C + c) * P;
    const plane = Array.from(x.data.subarray(start, start + P));
    const mean = plane.reduce((sum, value) => sum + value, 0) / P;
    return which === 0 ? mean : plane.reduce((sum, value) => sum + (value - mean) ** 2, 0) / P;
  });
  return generate(x.shape, (n, c, p) => {
    const normalized = (at(x, n, c, p) - at(moments, n, c, 0)) / Math.sqrt(at(moments, n, c, 1) + 1e-5);
    return at(gamma, c) * normalized + at(beta, c);
  });
}

/** {@link batchNorm}, then ReLU. */
export function batchNormRelu(x: NdArray, gamma: NdArray, beta: NdArray): NdArray {
  const y = batchNorm(x, gamma, beta);
  return { shape: y.shape, data: y.data.map((value) => Math.max(0, value)) };
}
