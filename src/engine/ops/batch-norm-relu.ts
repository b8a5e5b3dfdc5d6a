import forwardShader from "../../shaders/batch_norm_relu.wgsl";
import backwardShader from "../../shaders/batch_norm_relu_backward.wgsl";
import { ShapeError } from "../errors.js";
import type { Tape } from "../tape.js";
import type { Tensor } from "../tensor.js";

/**
 * Batch normalisation with the statistics of each item by itself (biased variance, ε = 1e-5), then ReLU:
 * x [N, C, P], gamma [C], beta [C] → [N, C, P], P a multiple of four. Items are separate batches: real and fake patches are never pooled.
 * @throws {ShapeError} if the parameters do not fit the channels.
 */
export function batchNormRelu(tape: Tape, x: Tensor, gamma: Tensor, beta: Tensor): Tensor {
  const [N = 0, C = 0, P = 0] = x.shape;
  if (x.shape.length !== 3 || P % 4 || gamma.size !== C || beta.size !== C) {
    throw new ShapeError(
      `batchNormRelu wants x [N, C, P] with P a multiple of four, gamma and beta [C]; got [${x.shape}], [${gamma.shape}], [${beta.shape}].`,
    );
  }
  const y = tape.tensor(x.shape, "batch norm");
  const statistics = tape.tensor([N, C, 2], "batch norm statistics");
  const WORKGROUP = tape.engine.tuning.reduction;
  tape.dispatch({
    shader: forwardShader,
    constants: { CHANNELS: C, PIXELS: P, WORKGROUP },
    bindings: { x, gamma, beta, y, statistics },
    workgroups: [C, N],
  });
  tape.differentiable([x, gamma, beta], [y], () => {
    const dx = tape.gradientTarget(x);
    const accumulate = tape.gradientTargets([gamma, beta]);
    tape.dispatch({
      shader: backwardShader,
      constants: {
        BATCH: N,
        CHANNELS: C,
        PIXELS: P,
        ACCUMULATE_INPUT: dx.accumulate,
        ACCUMULATE_PARAMETERS: accumulate,
        WORKGROUP,
      },
      bindings: {
        x,
        gamma,
        beta,
        statistics,
        dy: tape.gradient(y),
        dx: dx.tensor,
        dgamma: tape.gradient(gamma),
        dbeta: tape.gradient(beta),
      },
      workgroups: [C],
    });
  });
  return y;
}
