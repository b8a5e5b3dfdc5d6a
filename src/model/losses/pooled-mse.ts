import { endFusedLoss, exclusiveGradient } from "../../engine/ops/losses/fused-loss.js";
import { shapeError } from "../../engine/ops/shape-error.js";
import type { Tape } from "../../engine/recording/tape.js";
import type { Tensor } from "../../engine/tensors/tensor.js";
import shader from "../../shaders/losses/pooled_mse.wgsl";

/** Result of {@link pooledMseLoss}. */
export interface PooledMseLoss {
  /** [1] */
  readonly loss: Tensor;
  /** [N, H]: the squared errors, without their weights. */
  readonly errors: Tensor;
}

/**
 * Squared errors of the means of maps [N, H, P]: mean_n Σ_h weights_h · (mean_p maps_nhp − targets_nh)² →
 * [1]. One shader writes loss and gradient, so that the loss's weight in the objective must be 1.
 * @param targets [N, H]: the wanted means; they get no gradient.
 * @param weights [H]
 * @throws {ShapeError} if the sizes do not fit.
 * @throws {EngineError} if another operation has written the gradient of the maps.
 */
export function pooledMseLoss(tape: Tape, maps: Tensor, targets: Tensor, weights: Tensor): PooledMseLoss {
  const [N = 0, H = 0, P = 0] = maps.shape;
  if (maps.shape.length !== 3 || targets.size !== N * H || weights.size !== H) {
    throw shapeError(
      "pooledMseLoss",
      "maps [N, H, P], targets [N, H] and weights [H]",
      maps,
      targets,
      weights,
    );
  }
  const loss = tape.tensor([1], "loss");
  const errors = tape.tensor([N, H], "errors");
  tape.dispatch({
    shader,
    constants: { ITEMS: N, HEADS: H, PIXELS: P, WORKGROUP: tape.engine.tuning.reduction },
    bindings: { maps, targets, weights, loss, errors, gradient: exclusiveGradient(tape, maps) },
    workgroups: [1],
  });
  endFusedLoss(tape, maps, loss);
  return { loss, errors };
}
