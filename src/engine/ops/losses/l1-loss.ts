import l1Shader from "../../../shaders/losses/l1_loss.wgsl";
import l1BackwardShader from "../../../shaders/losses/l1_loss_backward.wgsl";
import { elementwise } from "../../recording/launch.js";
import type { Tape } from "../../recording/tape.js";
import type { Tensor } from "../../tensors/tensor.js";
import { shapeError } from "../shape-error.js";

/**
 * Σ |x − reference| → [1] (MetaKernelGAN, Eq. 6); `reference` gets no gradient.
 * @throws {ShapeError} if the sizes differ.
 */
export function l1Loss(tape: Tape, x: Tensor, reference: Tensor, out?: Tensor): Tensor {
  if (x.size !== reference.size) {
    throw shapeError("l1Loss", "equal sizes", x, reference);
  }
  const loss = out ?? tape.tensor([1], "L1 loss");
  tape.dispatch({
    shader: l1Shader,
    constants: { COUNT: x.size, WORKGROUP: tape.engine.tuning.reduction },
    bindings: { x, reference, loss },
    workgroups: [1],
  });
  tape.differentiableLoss(x, loss, (weight) => {
    const { tensor, accumulate } = tape.gradientTarget(x);
    tape.dispatch({
      shader: l1BackwardShader,
      bindings: { x, reference, dx: tensor },
      ...elementwise(tape, x.size, { COUNT: x.size, WEIGHT: weight, ACCUMULATE: accumulate }),
    });
  });
  return loss;
}
