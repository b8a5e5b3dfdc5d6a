import shader from "../../shaders/covariance_loss.wgsl";
import { ShapeError } from "../errors.js";
import type { Tape } from "../tape.js";
import type { Tensor } from "../tensor.js";
import { endWithSlope, ownSlope } from "./fused-loss.js";

/**
 * weight · Σ |C(k) − C(reference)| over the four entries of the covariances of two square grids of weights, as K-COV has
 * them (MetaKernelGAN, section 4.1): C_xy = Σ x y k − (Σ x k)(Σ y k). The value is left unweighted in `out`, [1]. The slope is made
 * together with it, so it is the first loss of k to be recorded, and its weight in the objective is 1.
 * @throws {ShapeError} unless both are square grids of one size.
 */
export function covarianceLoss(
  tape: Tape,
  k: Tensor,
  reference: Tensor,
  weight: number,
  out?: Tensor,
): Tensor {
  const side = Math.sqrt(k.size);
  if (k.size !== reference.size || !Number.isInteger(side)) {
    throw new ShapeError(`covarianceLoss wants square grids; got [${k.shape}] and [${reference.shape}].`);
  }
  const loss = out ?? tape.tensor([1], "covariance loss");
  tape.dispatch({
    shader,
    constants: { SIDE: side, WEIGHT: weight },
    bindings: { k, reference, loss, dk: ownSlope(tape, k) },
    workgroups: [1],
  });
  endWithSlope(tape, k, loss);
  return loss;
}
