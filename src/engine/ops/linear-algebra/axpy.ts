import shader from "../../../shaders/linear-algebra/axpy.wgsl";
import { elementwiseVec4 } from "../../recording/launch.js";
import type { StepCounter } from "../../recording/step-counter.js";
import type { Tape } from "../../recording/tape.js";
import type { Tensor } from "../../tensors/tensor.js";
import { shapeError } from "../shape-error.js";

/**
 * y ← y + factors[step] · x, in place and without a gradient, for sums of gradients.
 * @param factors [steps].
 * @throws {ShapeError} if the sizes differ or are not multiples of four.
 */
export function axpy(tape: Tape, x: Tensor, factors: Tensor, counter: StepCounter, y: Tensor): void {
  if (x.size !== y.size || x.size % 4) {
    throw shapeError("axpy", "equal sizes, multiples of four", x, y);
  }
  tape.dispatch({
    shader,
    bindings: { x, factors, counter: counter.tensor, y },
    index: counter.rowOf(factors),
    ...elementwiseVec4(tape, y),
  });
}
