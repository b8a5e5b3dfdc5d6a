import { MAX_KERNEL_SIDE } from "../blur-kernel.js";
import { KernelError } from "../errors.js";

/** A square matrix, row by row. */
export interface SquareMatrix {
  readonly size: number;
  readonly values: Float64Array;
}

/**
 * The side of a kernel, out of what a file says of its shape; asked before anything of that size is made.
 * @throws {KernelError} if the shape is not a square of 1 to 255 whole values a side.
 */
export function sideOf(shape: readonly number[]): number {
  const [rows = 0, columns, ...more] = shape;
  if (rows !== columns || more.length > 0) {
    const said = shape.length === 0 ? "is a single number" : `has the shape ${shape.slice(0, 5).join("×")}`;
    throw new KernelError(`A blur kernel is square; this one ${said}.`);
  }
  if (!Number.isInteger(rows) || rows < 1 || rows > MAX_KERNEL_SIDE) {
    throw new KernelError(`A blur kernel has 1 to ${MAX_KERNEL_SIDE} values a side; this one has ${rows}.`);
  }
  return rows;
}
