import ganShader from "../../shaders/gan_loss.wgsl";
import l1Shader from "../../shaders/l1_loss.wgsl";
import l1BackwardShader from "../../shaders/l1_loss_backward.wgsl";
import sumToOneShader from "../../shaders/sum_to_one_loss.wgsl";
import sumToOneBackwardShader from "../../shaders/sum_to_one_loss_backward.wgsl";
import { ShapeError } from "../errors.js";
import type { Tape } from "../tape.js";
import type { Tensor } from "../tensor.js";
import { endWithSlope, ownSlope } from "./fused-loss.js";
import { elementwise } from "./launch.js";

/** What the discriminator's map of one item is held against, and how much that item counts. */
export interface GanTerm {
  readonly target: 0 | 1;
  readonly weight: number;
}

/**
 * The L1 least-squares GAN loss on logits [N, P], N ≤ 2, fused with the sigmoid (MetaKernelGAN, Eq. 4):
 * Σ_n weight_n · mean_p |sigmoid(logits) − target_n| → [1].
 *
 * A loss ends its graph, so its weight in the objective is a constant. Here the slope is made together with the value,
 * so the weight has to be 1: weigh the terms instead.
 * @throws {ShapeError} unless there is one term for each item.
 */
export function ganLoss(tape: Tape, logits: Tensor, terms: readonly GanTerm[], out?: Tensor): Tensor {
  const [N = 0, P = 0] = logits.shape;
  const [first, second] = terms;
  if (terms.length !== N || N > 2 || !first) {
    throw new ShapeError(`ganLoss wants a term for each of one or two items; got ${terms.length} for ${N}.`);
  }
  const loss = out ?? tape.tensor([1], "GAN loss");
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
    bindings: { logits, loss, slope: ownSlope(tape, logits) },
    workgroups: [1],
  });
  endWithSlope(tape, logits, loss);
  return loss;
}

/** |1 − Σ k| → [1] (MetaKernelGAN, Eq. 5). */
export function sumToOneLoss(tape: Tape, k: Tensor, out?: Tensor): Tensor {
  const loss = out ?? tape.tensor([1], "sum-to-one loss");
  tape.dispatch({
    shader: sumToOneShader,
    constants: { COUNT: k.size },
    bindings: { k, loss },
    workgroups: [1],
  });
  tape.differentiable([k], [loss], (weight) => {
    const { tensor, accumulate } = tape.gradientTarget(k);
    tape.dispatch({
      shader: sumToOneBackwardShader,
      bindings: { k, dk: tensor },
      ...elementwise(tape, k.size, { COUNT: k.size, WEIGHT: weight, ACCUMULATE: accumulate }),
    });
  });
  return loss;
}

/** Σ |x − reference| → [1], as of kernel pixels (MetaKernelGAN, Eq. 6); `reference` gets no gradient. */
export function l1Loss(tape: Tape, x: Tensor, reference: Tensor, out?: Tensor): Tensor {
  if (x.size !== reference.size) {
    throw new ShapeError(`l1Loss wants equal sizes; got [${x.shape}] and [${reference.shape}].`);
  }
  const loss = out ?? tape.tensor([1], "L1 loss");
  tape.dispatch({
    shader: l1Shader,
    constants: { COUNT: x.size, WORKGROUP: tape.engine.tuning.reduction },
    bindings: { x, reference, loss },
    workgroups: [1],
  });
  tape.differentiable([x], [loss], (weight) => {
    const { tensor, accumulate } = tape.gradientTarget(x);
    tape.dispatch({
      shader: l1BackwardShader,
      bindings: { x, reference, dx: tensor },
      ...elementwise(tape, x.size, { COUNT: x.size, WEIGHT: weight, ACCUMULATE: accumulate }),
    });
  });
  return loss;
}
