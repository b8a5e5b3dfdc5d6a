import shader from "../../../shaders/elementwise/add.wgsl";
import { accumulateGradient } from "../../recording/accumulate-gradient.js";
import { forwardOnly } from "../../recording/forward-only.js";
import { elementwiseVec4, storedAs } from "../../recording/launch.js";
import type { Tape } from "../../recording/tape.js";
import type { Tensor } from "../../tensors/tensor.js";
import { shapeError } from "../shape-error.js";

/**
 * a + b, tensors of the same shape.
 * @param out where to write the result, instead of a new tensor.
 * @throws {ShapeError} if sizes or element types differ.
 */
export function add(tape: Tape, a: Tensor, b: Tensor, out?: Tensor): Tensor {
  const c = sum(tape, a, b, out);
  tape.differentiable([a, b], [c], () => {
    accumulateGradient(tape, tape.gradient(c), a);
    accumulateGradient(tape, tape.gradient(c), b);
  });
  return c;
}

/**
 * {@link add} without its gradient.
 * @throws {ShapeError} as {@link add} does.
 */
export function addForward(tape: Tape, a: Tensor, b: Tensor, out?: Tensor): Tensor {
  const c = sum(tape, a, b, out);
  forwardOnly(tape, "addForward", [a, b], [c]);
  return c;
}

function sum(tape: Tape, a: Tensor, b: Tensor, out?: Tensor): Tensor {
  const c = out ?? tape.tensor(a.shape, "sum", a.dtype);
  if (a.size !== b.size || c.size !== a.size) {
    throw shapeError("add", "equal sizes", a, b, c);
  }
  tape.dispatch({
    shader,
    types: { Stored: storedAs(a, b, c) },
    bindings: { a, b, c },
    ...elementwiseVec4(tape, c),
  });
  return c;
}
