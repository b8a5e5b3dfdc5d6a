import { EngineError } from "../../errors.js";
import type { Tape } from "../../recording/tape.js";
import type { Tensor } from "../../tensors/tensor.js";

/**
 * The gradient of a loss's input, for a shader that writes it together with the loss.
 * @throws {EngineError} if another operation has written it already: such a shader does not add.
 */
export function exclusiveGradient(tape: Tape, x: Tensor): Tensor {
  const { tensor, accumulate } = tape.gradientTarget(x);
  if (accumulate) {
    throw new EngineError(
      `The gradient of ${x.label} is written twice; a loss must be the only one to write it.`,
    );
  }
  return tensor;
}

/**
 * Ends a graph with a loss whose shader writes the gradient of x too, so that its weight in the objective
 * must be 1.
 */
export function endFusedLoss(tape: Tape, x: Tensor, loss: Tensor): void {
  tape.differentiableLoss(x, loss, (weight) => {
    if (weight !== 1)
      throw new EngineError(`${loss.label} is weighted already; give it the weight 1 in the objective.`);
  });
}
