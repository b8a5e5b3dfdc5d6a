import forwardShader from "../../shaders/project.wgsl";
import backwardInputShader from "../../shaders/project_backward_input.wgsl";
import backwardWeightShader from "../../shaders/project_backward_weight.wgsl";
import { ShapeError } from "../errors.js";
import type { Tape } from "../tape.js";
import type { Tensor } from "../tensor.js";
import { elementwise } from "./launch.js";

/**
 * A 1×1 convolution to a single channel: x [N, C, P], w [N, 1, C] (one for each item), bias [1] → [N, P].
 * P is a multiple of four.
 * @throws {ShapeError} if the shapes do not fit.
 */
export function project(tape: Tape, x: Tensor, w: Tensor, bias: Tensor): Tensor {
  const [N = 0, C = 0, P = 0] = x.shape;
  if (x.shape.length !== 3 || w.size !== N * C || bias.size !== 1 || P % 4) {
    throw new ShapeError(`project cannot take weights [${w.shape}] over [${x.shape}].`);
  }
  const y = tape.tensor([N, P], "projection");
  const constants = { CHANNELS: C, PIXELS: P };
  const { workgroups, ...launch } = elementwise(tape, P / 4, constants);
  tape.dispatch({
    shader: forwardShader,
    bindings: { x, w, bias, y },
    ...launch,
    workgroups: [...workgroups, N],
    multiplyAdds: N * C * P,
  });
  tape.differentiable([x, w, bias], [y], () => {
    const dy = tape.gradient(y);
    if (tape.needs(x)) {
      const { tensor, accumulate } = tape.gradientTarget(x);
      const { workgroups, ...launch } = elementwise(tape, (C * P) / 4, {
        ...constants,
        ACCUMULATE: accumulate,
      });
      tape.dispatch({
        shader: backwardInputShader,
        bindings: { dy, w, dx: tensor },
        ...launch,
        workgroups: [...workgroups, N],
        multiplyAdds: N * C * P,
      });
    }
    if (tape.needs(w) || tape.needs(bias)) {
      const dw = tape.gradientTarget(w);
      const dbias = tape.gradientTarget(bias);
      tape.dispatch({
        shader: backwardWeightShader,
        constants: {
          ...constants,
          BATCH: N,
          ACCUMULATE_WEIGHT: dw.accumulate,
          ACCUMULATE_BIAS: dbias.accumulate,
          WORKGROUP: tape.engine.tuning.reduction,
        },
        bindings: { x, dy, dw: dw.tensor, dbias: dbias.tensor },
        workgroups: [C, N],
        multiplyAdds: N * C * P,
      });
    }
  });
  return y;
}
