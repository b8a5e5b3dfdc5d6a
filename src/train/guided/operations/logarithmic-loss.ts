import { shapeError } from "../../../engine/ops/shape-error.js";
import { grid } from "../../../engine/recording/launch.js";
import type { Tape } from "../../../engine/recording/tape.js";
import type { Tensor } from "../../../engine/tensors/tensor.js";
import shader from "../../../shaders/guided-training/logarithmic_loss.wgsl";
import backwardShader from "../../../shaders/guided-training/logarithmic_loss_backward.wgsl";

/** The mean square error below which nothing is to be gained. */
const FAINT = 1e-4;

/**
 * A twentieth of the logarithm of each picture's mean square error, as PSNR has it, so that pictures that can be made sharp
 * count as much as noisy ones; luma counts more than color. x [N, 3, H, W] → [N]; the objective is their weighted sum.
 * @param sharp of the shape of x; gets no gradient.
 * @param rim pixels of the border that are left out.
 * @throws {ShapeError} if the shapes do not fit.
 */
export function logarithmicLoss(tape: Tape, x: Tensor, sharp: Tensor, rim: number): Tensor {
  const [N = 0, colors, H = 0, W = 0] = x.shape;
  if (x.shape.length !== 4 || colors !== 3 || sharp.size !== x.size || 2 * rim >= Math.min(H, W)) {
    throw shapeError("logarithmicLoss", `pictures [N, 3, H, W] larger than twice the rim ${rim}`, x, sharp);
  }
  const loss = tape.tensor([N], "logarithmic loss");
  const errors = tape.tensor([N], "mean square errors");
  const sizes = { HEIGHT: H, WIDTH: W, RIM: rim };
  tape.dispatch({
    shader,
    constants: { ...sizes, FAINT, WORKGROUP: tape.engine.tuning.reduction },
    bindings: { x, sharp, errors, loss },
    workgroups: [N],
  });
  tape.differentiableLoss(x, loss, (weight) => {
    const { tensor, accumulate } = tape.gradientTarget(x);
    tape.dispatch({
      shader: backwardShader,
      bindings: { x, sharp, errors, dx: tensor },
      ...grid(tape, [H * W, N], { ...sizes, WEIGHT: weight, ACCUMULATE: accumulate }),
    });
  });
  return loss;
}
