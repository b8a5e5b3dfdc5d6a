import { shapeError } from "../../../engine/ops/shape-error.js";
import { elementwiseVec4, grid } from "../../../engine/recording/launch.js";
import type { Tape } from "../../../engine/recording/tape.js";
import type { Tensor } from "../../../engine/tensors/tensor.js";
import reluBackwardShader from "../../../shaders/elementwise/relu_backward.wgsl";
import shader from "../../../shaders/guided-training/linear.wgsl";
import backwardInputShader from "../../../shaders/guided-training/linear_backward_input.wgsl";
import backwardWeightShader from "../../../shaders/guided-training/linear_backward_weight.wgsl";

/** The weights [O, I] and biases [O] of a fully connected layer. */
export interface LinearLayer {
  readonly weight: Tensor;
  readonly bias: Tensor;
}

/**
 * A fully connected layer: x [N, I] → [N, O]. With `relu`, negative results become zero.
 * @throws {ShapeError} if the shapes do not fit.
 */
export function linear(tape: Tape, x: Tensor, { weight, bias }: LinearLayer, { relu = false } = {}): Tensor {
  const [N = 0, I = 0] = x.shape;
  const [O = 0, inputs] = weight.shape;
  if (x.shape.length !== 2 || weight.shape.length !== 2 || inputs !== I || bias.size !== O) {
    throw shapeError("linear", "an input [N, I], weights [O, I] and biases [O]", x, weight, bias);
  }
  const y = tape.tensor([N, O], "fully connected");
  const sizes = { BATCH: N, INPUTS: I, OUTPUTS: O };
  tape.dispatch({
    shader,
    bindings: { x, weight, bias, y },
    ...grid(tape, [N * O], { ...sizes, RELU: relu }),
  });
  tape.differentiable([x, weight, bias], [y], () => {
    const dy = tape.gradient(y);
    if (relu)
      tape.dispatch({ shader: reluBackwardShader, bindings: { y, dy }, ...elementwiseVec4(tape, dy) });
    if (tape.needs(x)) {
      const { tensor, accumulate } = tape.gradientTarget(x);
      tape.dispatch({
        shader: backwardInputShader,
        bindings: { weight, dy, dx: tensor },
        ...grid(tape, [N * I], { ...sizes, ACCUMULATE: accumulate }),
      });
    }
    if (tape.needs(weight) || tape.needs(bias)) {
      const accumulate = tape.claimGradients([weight, bias]);
      tape.dispatch({
        shader: backwardWeightShader,
        bindings: { x, dy, dweight: tape.gradient(weight), dbias: tape.gradient(bias) },
        ...grid(tape, [O * (I + 1)], { ...sizes, ACCUMULATE: accumulate }),
      });
    }
  });
  return y;
}
