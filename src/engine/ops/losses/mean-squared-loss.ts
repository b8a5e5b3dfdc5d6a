import shader from "../../../shaders/losses/mean_squared_loss.wgsl";
import type { StepCounter } from "../../recording/step-counter.js";
import type { Tape } from "../../recording/tape.js";
import type { Tensor } from "../../tensors/tensor.js";
import { shapeError } from "../shape-error.js";
import { endFusedLoss, exclusiveGradient } from "./fused-loss.js";

/** Weights of a loss that change from step to step. */
export interface LossSchedule {
  /** The weights of all steps. */
  readonly weights: Tensor;
  readonly counter: StepCounter;
  /** `[1]`: where to write the loss, instead of a new tensor. */
  readonly out?: Tensor;
}

/**
 * weight · mean (x − reference)² → [1], with the weight of the step; `reference` gets no gradient. One shader
 * writes loss and gradient, so that the loss's weight in the objective must be 1.
 * @param schedule weights [steps].
 * @throws {ShapeError} if the sizes differ.
 * @throws {EngineError} if x has a gradient already.
 */
export function meanSquaredLoss(
  tape: Tape,
  x: Tensor,
  reference: Tensor,
  { weights, counter, out }: LossSchedule,
): Tensor {
  if (x.size !== reference.size) {
    throw shapeError("meanSquaredLoss", "equal sizes", x, reference);
  }
  const loss = out ?? tape.tensor([1], "loss");
  tape.dispatch({
    shader,
    constants: { COUNT: x.size, WORKGROUP: tape.engine.tuning.reduction },
    bindings: { x, reference, weights, counter: counter.tensor, loss, gradient: exclusiveGradient(tape, x) },
    index: counter.rowOf(weights),
    workgroups: [1],
  });
  endFusedLoss(tape, x, loss);
  return loss;
}
