import { ShapeError } from "../../engine/errors.js";
import { endFusedLoss, exclusiveGradient } from "../../engine/ops/losses/fused-loss.js";
import type { Tape } from "../../engine/recording/tape.js";
import type { Tensor } from "../../engine/tensors/tensor.js";
import ganShader from "../../shaders/losses/gan_loss.wgsl";

/** The target for one item's logits, and the weight of the item. */
export interface GanTerm {
  readonly target: 0 | 1;
  readonly weight: number;
}

/**
 * The L1 least-squares GAN loss on logits [N, P], N ≤ 2, fused with the sigmoid (MetaKernelGAN, Eq. 4): Σ_n
 * weight_n · mean_p |sigmoid(logits) − target_n| → [1].
 *
 * One shader writes loss and gradient, so that the loss's weight in the objective must be 1: weight the terms
 * instead.
 * @throws {ShapeError} unless there is one term for each item.
 */
export function ganLoss(tape: Tape, logits: Tensor, terms: readonly GanTerm[], out?: Tensor): Tensor {
  const [N = 0, P = 0] = logits.shape;
  const [first, second] = terms;
  if (terms.length !== N || N > 2 || !first) {
    throw new ShapeError(`ganLoss wants a term for each of one or two items; got ${terms.length} for ${N}.`);
  }
  const loss = out ?? tape.tensor([1], "loss");
  tape.dispatch({
    shader: ganShader,
    constants: {
      ITEMS: N,
      PIXELS: P,
      TARGET_0: first.target,
      TARGET_1: second?.target ?? 0,
      WEIGHT_0: first.weight,
      WEIGHT_1: second?.weight ?? 0,
      WORKGROUP: tape.engine.tuning.reduction,
    },
    bindings: { logits, loss, gradient: exclusiveGradient(tape, logits) },
    workgroups: [1],
  });
  endFusedLoss(tape, logits, loss);
  return loss;
}
