import { POLYNOMIALS } from "../../weights/layouts/usrnet-layout.js";
import type { WeightFile } from "../../weights/weight-file.js";

/** What steers an iteration of USRNet. */
export interface HyperParameters {
  /** Weight of the prior in the data step of each iteration. */
  readonly alpha: Float64Array;
  /** Noise level that the prior network of each iteration removes. */
  readonly beta: Float64Array;
}

/** Keeps the weights above zero. */
const MINIMUM = 1e-6;

/**
 * USRNet's α and β for a noise level and a scale (Zhang et al. 2020, section 4.3), as the weights say.
 * @param sigma noise level, of a range of values of 1.
 */
export function hyperParameters(file: WeightFile, sigma: number, scale: number): HyperParameters {
  const polynomials = file.tensors.get(POLYNOMIALS)?.data;
  const all = polynomials ? evaluate(polynomials, sigma) : network(file, [sigma, scale]);
  const half = all.length / 2;
  return { alpha: Float64Array.from(all.slice(0, half)), beta: Float64Array.from(all.slice(half)) };
}

/** Polynomials of the second degree, their coefficients one after another from the constant one on. */
function evaluate(coefficients: Float32Array, sigma: number): number[] {
  return Array.from({ length: coefficients.length / 3 }, (_, i) => {
    const [c0 = 0, c1 = 0, c2 = 0] = coefficients.subarray(3 * i, 3 * i + 3);
    return c0 + c1 * sigma + c2 * sigma ** 2;
  });
}

/** Three layers of 1×1 convolutions with ReLU, then softplus. */
function network(file: WeightFile, input: number[]): number[] {
  const values = (name: string): Float32Array => file.tensors.get(`h.mlp.${name}`)?.data as Float32Array;
  const layer = (x: readonly number[], index: number): number[] => {
    const weights = values(`${index}.weight`);
    return Array.from(values(`${index}.bias`), (bias, row) =>
      x.reduce((sum, value, i) => sum + value * (weights[row * x.length + i] as number), bias),
    );
  };
  const relu = (x: number[]): number[] => x.map((value) => Math.max(value, 0));
  // ln(1 + exp(x)); like PyTorch, x itself beyond 20.
  const softplus = (x: number): number => (x > 20 ? x : Math.log1p(Math.exp(x)));
  return layer(relu(layer(relu(layer(input, 0)), 2)), 4).map((x) => softplus(x) + MINIMUM);
}
