import { type NdArray, ndArray } from "../oracle/nd-array.js";

/** What rounding to f16 may change of a number: it keeps 11 bits. */
export const HALF_EPSILON = 2 ** -11;

/** An array rounded to numbers that f16 holds exactly (of its normal range), so that GPU and oracle start from the same ones. */
export function halfArray({ shape, data }: NdArray): NdArray {
  return ndArray(
    shape,
    data.map((value) => {
      const unit = 2 ** (Math.max(Math.floor(Math.log2(Math.abs(value))), -14) - 10);
      return value === 0 ? 0 : Math.round(value / unit) * unit;
    }),
  );
}
