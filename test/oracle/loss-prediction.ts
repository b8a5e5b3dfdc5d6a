import { at, type NdArray, ndArray } from "./nd-array.js";

/** The error of each column p: Σ over the first rows of |x[r][p] − reference[r][p]|. */
export function columnErrors(x: NdArray, reference: NdArray, rows: number): number[] {
  return Array.from({ length: x.shape[2] as number }, (_, p) => {
    let error = 0;
    for (let r = 0; r < rows; r++) error += Math.abs(at(x, 0, r, p) - at(reference, 0, r, p));
    return error;
  });
}

/**
 * Σ |d| of the rows before `squaredFrom`, Σ ½ d² of the others, and Σ_p |x[Q][p] − weight · error[p]|; d = x
 * − reference [1, Q, P].
 */
export function lossPredictionLoss(
  x: NdArray,
  reference: NdArray,
  { squaredFrom, weight }: { squaredFrom: number; weight: number },
  errors: readonly number[],
): NdArray {
  const Q = reference.shape[1] as number;
  let loss = 0;
  errors.forEach((error, p) => {
    for (let r = 0; r < Q; r++) {
      const difference = at(x, 0, r, p) - at(reference, 0, r, p);
      loss += r < squaredFrom ? Math.abs(difference) : difference ** 2 / 2;
    }
    loss += Math.abs(at(x, 0, Q, p) - weight * error);
  });
  return ndArray([1], [loss]);
}
