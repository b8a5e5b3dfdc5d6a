import shader from "../../../shaders/elementwise/add_bias.wgsl";
import backwardShader from "../../../shaders/elementwise/add_bias_backward.wgsl";
import { elementwiseVec4 } from "../../recording/launch.js";
import type { Tape } from "../../recording/tape.js";
import type { Tensor } from "../../tensors/tensor.js";
import { shapeError } from "../shape-error.js";

/**
 * Adds a number to each row: x [1, M, P] + bias [M] → [1, M, P], P a multiple of four. With `relu`, negative sums become zero.
 * @throws {ShapeError} if the shapes do not fit.
 */
export function addBias(tape: Tape, x: Tensor, bias: Tensor, { relu = false } = {}): Tensor {
  const [N, M = 0, P = 0] = x.shape;
  if (x.shape.length !== 3 || N !== 1 || bias.size !== M || P % 4) {
    throw shapeError("addBias", "[1, M, P] with P a multiple of four, and [M]", x, bias);
  }
  const y = tape.tensor(x.shape, "biased");
  tape.dispatch({
    shader,
    bindings: { x, bias, y },
    ...elementwiseVec4(tape, y, { COLUMNS: P, RELU: relu }),
  });
  tape.differentiable([x, bias], [y], () => {
    const accumulate = tape.claimGradients([x, bias]);
    tape.dispatch({
      shader: backwardShader,
      constants: { COLUMNS: P, RELU: relu, ACCUMULATE: accumulate, WORKGROUP: tape.engine.tuning.reduction },
      bindings: { y, dy: tape.gradient(y), dx: tape.gradient(x), dbias: tape.gradient(bias) },
      workgroups: [M],
    });
  });
  return y;
}
