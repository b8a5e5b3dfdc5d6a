import { generate, type NdArray, ndArray } from "./nd-array.js";

/** How the low-resolution images came about, and how much the data weigh. */
export interface DataStepCase {
  /** Blur kernel [m, m] in cross-correlation orientation. */
  readonly kernel: NdArray;
  readonly scale: number;
  readonly alpha: number;
}

/**
 * x + Bᵀ (B Bᵀ + α)⁻¹ (y − B x) of images x [C, H, W] and y [C, h, w], with B as a matrix: circular blur,
 * then every scale-th pixel; by Gaussian elimination.
 */
export function dataStep(x: NdArray, y: NdArray, { kernel, scale, alpha }: DataStepCase): NdArray {
  const [C = 0, H = 0, W = 0] = x.shape;
  const [, h = 0, w = 0] = y.shape;
  const blur = blurMatrix(kernel, scale, H, W);
  const small = h * w;
  const large = H * W;
  const gram = Array.from({ length: small }, (_, i) =>
    Float64Array.from({ length: small }, (_, j) => {
      const [a, b] = [blur[i] as Float64Array, blur[j] as Float64Array];
      return a.reduce((sum, value, k) => sum + value * (b[k] as number), i === j ? alpha : 0);
    }),
  );
  const result = ndArray(x.shape, x.data);
  for (let c = 0; c < C; c++) {
    const rest = Float64Array.from({ length: small }, (_, i) =>
      (blur[i] as Float64Array).reduce(
        (sum, value, k) => sum - value * (x.data[c * large + k] as number),
        y.data[c * small + i] as number,
      ),
    );
    const weights = solve(
      gram.map((row) => row.slice()),
      rest,
    );
    for (let k = 0; k < large; k++) {
      for (let i = 0; i < small; i++) {
        result.data[c * large + k] += ((blur[i] as Float64Array)[k] as number) * (weights[i] as number);
      }
    }
  }
  return result;
}

/** Every row of B: which pixels of the large image a small pixel is made of. */
function blurMatrix(kernel: NdArray, scale: number, H: number, W: number): Float64Array[] {
  const [m = 0] = kernel.shape;
  const middle = Math.floor(m / 2);
  const wrap = (place: number, period: number): number => ((place % period) + period) % period;
  return Array.from({ length: (H / scale) * (W / scale) }, (_, i) => {
    const row = new Float64Array(H * W);
    const top = Math.floor(i / (W / scale)) * scale;
    const left = (i % (W / scale)) * scale;
    generate(kernel.shape, (r, c) => {
      const place = wrap(top + r - middle, H) * W + wrap(left + c - middle, W);
      row[place] += kernel.data[r * m + c] as number;
      return 0;
    });
    return row;
  });
}

/** Solves a symmetric positive system in place. */
function solve(matrix: Float64Array[], right: Float64Array): Float64Array {
  const n = right.length;
  for (let i = 0; i < n; i++) {
    const pivot = matrix[i] as Float64Array;
    for (let j = i + 1; j < n; j++) {
      const row = matrix[j] as Float64Array;
      const factor = (row[i] as number) / (pivot[i] as number);
      for (let k = i; k < n; k++) row[k] -= factor * (pivot[k] as number);
      right[j] -= factor * (right[i] as number);
    }
  }
  for (let i = n - 1; i >= 0; i--) {
    for (let k = i + 1; k < n; k++) right[i] -= (matrix[i]?.[k] as number) * (right[k] as number);
    right[i] /= matrix[i]?.[i] as number;
  }
  return right;
}
