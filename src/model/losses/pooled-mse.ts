import { ShapeError } from "../../engine/errors.js";
import { endFusedLoss, exclusiveGradient } from "../../engine/ops/losses/fused-loss.js";
import type { Tape } from "../../engine/recording/tape.js";
import type { Tensor } from "../../engine/tensors/tensor.js";
import shader from "../../shaders/losses/pooled_mse.wgsl";

/** What {@link pooledMseLoss} makes. */
export interface PooledMseLoss {
  /** [1] */
  readonly loss: Tensor;
  /** [N, H]: the squared errors, not weighted. */
  readonly errors: Tensor;
}

/**
 * What the means of maps [N, H, P] are off by: mean_n Σ_h weights_h · (mean_p maps_nhp − targets_nh)². Value and slope are made
 * together, so its weight in the objective has to be 1.
 * @param targets [N, H]: what the means should be; gets no gradient.
 * @param weights [H]
 * @throws {ShapeError} if the sizes do not fit.
 * @throws {EngineError} if the maps have a gradient already.
 */
export function pooledMseLoss(tape: Tape, maps: Tensor, targets: Tensor, weights: Tensor): PooledMseLoss {
  const [N = 0, H = 0, P = 0] = maps.shape;
  if (maps.shape.length !== 3 || targets.size !== N * H || weights.size !== H) {
    throw new ShapeError(
      `pooledMseLoss wants maps [N, H, P], targets [N, H] and weights [H]; got [${maps.shape}], [${targets.shape}] and [${weights.shape}].`,
    );
  }
  const loss = tape.tensor([1], "loss of means");
  const errors = tape.tensor([N, H], "errors of means");
  tape.dispatch({
    shader,
    constants: { ITEMS: N, HEADS: H, PIXELS: P, WORKGROUP: tape.engine.tuning.reduction },
    bindings: { maps, targets, weights, loss, errors, gradient: exclusiveGradient(tape, maps) },
    workgroups: [1],
  });
  endFusedLoss(tape, maps, loss);
  return { loss, errors };
}
