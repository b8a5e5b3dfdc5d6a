import { at, type NdArray, ndArray } from "./nd-array.js";

/** The error of each column p: Σ over the first rows of |x[r][p] − reference[r][p]|. */
export function columnErrors(x: NdArray, reference: NdArray, rows: number): number[] {
  return Array.from({ length: x.shape[2] as number }, (_, p) => {
    let error = 0;
    for (let r = 0; r < rows; r++) error += Math.abs(at(x, 0, r, p) - at(reference, 0, r, p));
    return error;
  });
}

/** Σ |x − reference| and Σ_p |x[Q][p] − weight · error[p]|, for x [1, R, P] and reference [1, Q, P]. */
export function selfAssessedLoss(
  x: NdArray,
  reference: NdArray,
  weight: number,
  errors: readonly number[],
): NdArray {
  const Q = reference.shape[1] as number;
  const differences = columnErrors(x, reference, Q);
  let loss = 0;
  errors.forEach((error, p) => {
    loss += (differences[p] as number) + Math.abs(at(x, 0, Q, p) - weight * error);
  });
  return ndArray([1], [loss]);
}
