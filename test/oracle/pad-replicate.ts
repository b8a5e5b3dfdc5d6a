import { at, generate, type NdArray } from "./nd-array.js";

/**
 * x [N, C, H, W] continued to [N, C, height, width] by its border, and a channel more of `values`, one for
 * each item.
 */
export function padReplicate(x: NdArray, height: number, width: number, values?: readonly number[]): NdArray {
  const [N = 0, C = 0, H = 0, W = 0] = x.shape;
  return generate([N, values ? C + 1 : C, height, width], (n, c, row, column) =>
    c === C ? (values?.[n] as number) : at(x, n, c, Math.min(row, H - 1), Math.min(column, W - 1)),
  );
}
