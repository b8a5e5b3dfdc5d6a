import { endFusedLoss, exclusiveGradient } from "../../engine/ops/losses/fused-loss.js";
import { shapeError } from "../../engine/ops/shape-error.js";
import type { Tape } from "../../engine/recording/tape.js";
import type { Tensor } from "../../engine/tensors/tensor.js";
import shader from "../../shaders/losses/loss_prediction.wgsl";

/** Options of {@link lossPredictionLoss}. */
export interface LossPredictionOptions {
  /** Number of first rows whose error is predicted. */
  readonly rows: number;
  /**
   * First row whose loss is half the squared difference, which finds means; rows before it have L1, which
   * finds medians.
   */
  readonly squaredFrom: number;
  /** Factor of the error that is to be predicted. */
  readonly weight: number;
}

/**
 * The loss of values that come with a prediction of their own error: x [1, R, P], reference [1, Q, P], Q < R
 * → [1]. The first Q rows of x are compared with the reference. Row Q learns `weight` times the L1 error of
 * the first `rows` of them, and passes no gradient to them. Later rows are padding. The loss's weight in the
 * objective must be 1.
 * @throws {ShapeError} if the shapes do not fit.
 */
export function lossPredictionLoss(
  tape: Tape,
  x: Tensor,
  reference: Tensor,
  { rows, squaredFrom, weight }: LossPredictionOptions,
): Tensor {
  const [, R = 0, P = 0] = x.shape;
  const [, Q = 0, columns] = reference.shape;
  if (x.shape.length !== 3 || reference.shape.length !== 3 || columns !== P || Q >= R || rows > Q) {
    throw shapeError("lossPredictionLoss", `[1, R, P] and [1, Q, P] with ${rows} ≤ Q < R`, x, reference);
  }
  const loss = tape.tensor([1], "prediction");
  tape.dispatch({
    shader,
    constants: {
      ROWS: R,
      COLUMNS: P,
      REFERENCES: Q,
      SMOOTH: squaredFrom,
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
