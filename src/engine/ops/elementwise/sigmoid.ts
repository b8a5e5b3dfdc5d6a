import forwardShader from "../../../shaders/elementwise/sigmoid.wgsl";
import backwardShader from "../../../shaders/elementwise/sigmoid_backward.wgsl";
import { elementwise } from "../../recording/launch.js";
import type { Tape } from "../../recording/tape.js";
import type { Tensor } from "../../tensors/tensor.js";

/** Elementwise 1 / (1 + e^−x), for x of any shape. Gradient: dy · y · (1 − y). */
export function sigmoid(tape: Tape, x: Tensor): Tensor {
  const y = tape.tensor(x.shape, "sigmoid");
  tape.dispatch({
    shader: forwardShader,
    bindings: { x, y },
    ...elementwise(tape, x.size, { COUNT: x.size }),
  });
  tape.differentiable([x], [y], () => {
    const { tensor, accumulate } = tape.gradientTarget(x);
    tape.dispatch({
      shader: backwardShader,
      bindings: { y, dy: tape.gradient(y), dx: tensor },
      ...elementwise(tape, x.size, { COUNT: x.size, ACCUMULATE: accumulate }),
    });
  });
  return y;
}
