/** An odd square of weights around a pixel. */
export interface OddKernel {
  readonly size: number;
  /** `size²` weights, row by row, sum 1; the middle one is that of the pixel itself. */
  readonly values: Float64Array;
}
