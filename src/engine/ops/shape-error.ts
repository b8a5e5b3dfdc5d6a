import { ShapeError } from "../errors.js";
import type { Tensor } from "../tensors/tensor.js";

/** The error of an operation that got tensors of other shapes than it wants. */
export function shapeError(operation: string, wanted: string, ...given: Pick<Tensor, "shape">[]): ShapeError {
  const shapes = given.map(({ shape }) => `[${shape}]`).join(", ");
  return new ShapeError(`${operation} wants ${wanted}; got ${shapes}.`);
}
