import { at, type NdArray, ndArray } from "./nd-array.js";
import { sigmoid } from "./sigmoid.js";

/** Σ_n weight_n · mean_p |sigmoid(logits) − target_n| for logits [N, P]. */
export function ganLoss(logits: NdArray, terms: readonly { target: number; weight: number }[]): NdArray {
  const P = logits.shape[1] as number;
  const probabilities = sigmoid(logits);
  let loss = 0;
  terms.forEach(({ target, weight }, n) => {
    for (let p = 0; p < P; p++) loss += (weight * Math.abs(at(probabilities, n, p) - target)) / P;
  });
  return ndArray([1], [loss]);
}

/** |1 − Σ k|. */
export function sumToOneLoss(k: NdArray): NdArray {
  return ndArray([1], [Math.abs(1 - k.data.reduce((sum, value) => sum + value, 0))]);
}

/** Σ |x − reference|. */
export function l1Loss(x: NdArray, reference: NdArray): NdArray {
  return ndArray(
    [1],
    [x.data.reduce((sum, value, i) => sum + Math.abs(value - (reference.data[i] as number)), 0)],
  );
}

/** Σ |C(k) − C(reference)| over the entries of the covariances of square grids. */
export function covarianceLoss(k: NdArray, reference: NdArray): NdArray {
  const [a, b] = [covariance(k), covariance(reference)];
  return ndArray([1], [a.reduce((sum, value, i) => sum + Math.abs(value - (b[i] as number)), 0)]);
}

function covariance({ data }: NdArray): number[] {
  const side = Math.sqrt(data.length);
  const moment = (f: (x: number, y: number) => number): number =>
    data.reduce((sum, value, i) => sum + value * f(i % side, Math.floor(i / side)), 0);
  const [x, y] = [moment((x) => x), moment((_, y) => y)];
  const xy = moment((x, y) => x * y) - x * y;
  return [moment((x) => x * x) - x * x, xy, xy, moment((_, y) => y * y) - y * y];
}
