import { shapeError } from "../../../engine/ops/shape-error.js";
import { elementwiseVec4 } from "../../../engine/recording/launch.js";
import type { StepCounter } from "../../../engine/recording/step-counter.js";
import type { Tape } from "../../../engine/recording/tape.js";
import type { Tensor } from "../../../engine/tensors/tensor.js";
import shader from "../../../shaders/guided-training/average_weights.wgsl";

/**
 * Moves a running average toward the values, in place: average ← average + shares[step] · (value − average).
 * @param shares [steps].
 * @throws {ShapeError} if the sizes differ or are not multiples of four.
 */
export function averageWeights(
  tape: Tape,
  value: Tensor,
  shares: Tensor,
  counter: StepCounter,
  average: Tensor,
): void {
  if (value.size !== average.size || value.size % 4) {
    throw shapeError("averageWeights", "equal sizes, multiples of four", value, average);
  }
  tape.dispatch({
    shader,
    bindings: { value, shares, counter: counter.tensor, average },
    index: counter.rowOf(shares),
    ...elementwiseVec4(tape, average),
  });
}
