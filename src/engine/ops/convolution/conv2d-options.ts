import type { Tensor } from "../../tensors/tensor.js";

/** Options of `conv2d`. */
export interface Conv2dOptions {
  /** Step between output pixels; default: 1. */
  readonly stride?: number;
  /** Pixels added on each side; default: 0, a valid convolution. */
  readonly padding?: number;
  /** Padding with zeros, or by wrapping around; default: zeros. */
  readonly mode?: "zero" | "circular";
  /** Where to write the result, instead of a new tensor. */
  readonly out?: Tensor;
}
