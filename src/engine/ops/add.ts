import shader from "../../shaders/add.wgsl";
import { ShapeError } from "../errors.js";
import type { Tape } from "../tape.js";
import type { Tensor } from "../tensor.js";
import { handOn } from "./hand-on.js";
import { elementwiseVec4, storedAs } from "./launch.js";

/**
 * a + b, of one shape.
 * @param out where to write the result, instead of a new tensor.
 * @throws {ShapeError} if the sizes differ, or not all are stored alike.
 */
export function add(tape: Tape, a: Tensor, b: Tensor, out?: Tensor): Tensor {
  const c = out ?? tape.tensor(a.shape, "sum", a.dtype);
  if (a.size !== b.size || c.size !== a.size) {
    throw new ShapeError(`add wants tensors of one shape; got [${a.shape}], [${b.shape}] and [${c.shape}].`);
  }
  tape.dispatch({
    shader,
    types: { Stored: storedAs(a, b, c) },
    bindings: { a, b, c },
    ...elementwiseVec4(tape, c),
  });
  tape.differentiable([a, b], [c], () => {
    handOn(tape, tape.gradient(c), a);
    handOn(tape, tape.gradient(c), b);
  });
  return c;
}
