import { at, generate, type NdArray, ndArray } from "./nd-array.js";
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

/** (mean_p maps − targets)² for maps [N, H, P], and the mean over N of their sums over H with weights [H]. */
export function pooledMseLoss(
  maps: NdArray,
  targets: NdArray,
  weights: NdArray,
): { loss: NdArray; errors: NdArray } {
  const [N = 0, H = 0, P = 0] = maps.shape;
  const errors = generate([N, H], (n, h) => {
    let sum = 0;
    for (let p = 0; p < P; p++) sum += at(maps, n, h, p);
    return (sum / P - at(targets, n, h)) ** 2;
  });
  const sums = errors.data.reduce((sum, error, i) => sum + error * at(weights, i % H), 0);
  return { loss: ndArray([1], [sums / N]), errors };
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
