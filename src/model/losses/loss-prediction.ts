import { ShapeError } from "../../engine/errors.js";
import { endFusedLoss, exclusiveGradient } from "../../engine/ops/losses/fused-loss.js";
import type { Tape } from "../../engine/recording/tape.js";
import type { Tensor } from "../../engine/tensors/tensor.js";
import shader from "../../shaders/losses/loss_prediction.wgsl";

/** What the assessment of {@link lossPredictionLoss} is about. */
export interface Assessment {
  /** So many first rows count into the error. */
  readonly rows: number;
  /** Rows from this one on are held against the reference by half the square, which finds means; before it by L1, which finds medians. */
  readonly squaredFrom: number;
  /** How much the predicted error counts beside the values. */
  readonly weight: number;
}

/**
 * The loss of values with a prediction of their own error: x [1, R, P], reference [1, Q, P] with Q < R → [1]. The first
 * Q rows of x are held against the reference; row Q learns `weight` times the error of the first rows, which
 * learns nothing from it; further rows only fill up. The weight of the loss in the objective has to be 1.
 * @throws {ShapeError} if the shapes do not fit.
 */
export function lossPredictionLoss(
  tape: Tape,
  x: Tensor,
  reference: Tensor,
  { rows, squaredFrom, weight }: Assessment,
): Tensor {
  const [, R = 0, P = 0] = x.shape;
  const [, Q = 0, columns] = reference.shape;
  if (x.shape.length !== 3 || reference.shape.length !== 3 || columns !== P || Q >= R || rows > Q) {
    throw new ShapeError(
      `lossPredictionLoss wants [1, R, P] and [1, Q, P] with ${rows} ≤ Q < R; got [${x.shape}] and [${reference.shape}].`,
    );
  }
  const loss = tape.tensor([1], "self-assessed loss");
  tape.dispatch({
    shader,
    constants: {
      ROWS: R,
      COLUMNS: P,
      REFERENCES: Q,
      SQUARED: squaredFrom,
      ASSESSED: rows,
      WEIGHT: weight,
      WORKGROUP: tape.engine.tuning.reduction,
    },
    bindings: { x, reference, loss, gradient: exclusiveGradient(tape, x) },
    workgroups: [1],
  });
  endFusedLoss(tape, x, loss);
  return loss;
}
