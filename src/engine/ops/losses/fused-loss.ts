import { EngineError } from "../../errors.js";
import type { Tape } from "../../recording/tape.js";
import type { Tensor } from "../../tensors/tensor.js";

/**
 * The gradient of a loss's input, for a kernel that writes it together with the value.
 * @throws {EngineError} if something has written there already: such a kernel does not add.
 */
export function exclusiveGradient(tape: Tape, x: Tensor): Tensor {
  const { tensor, accumulate } = tape.gradientTarget(x);
  if (accumulate) {
    throw new EngineError(`Only one loss can write the gradient of ${x.label} together with its value.`);
  }
  return tensor;
}

/** Ends a graph with a loss whose kernel has written the slope of x, so that its weight in the objective has to be 1. */
export function endFusedLoss(tape: Tape, x: Tensor, loss: Tensor): void {
  tape.differentiable([x], [loss], (weight) => {
    if (weight !== 1) throw new EngineError(`${loss.label} is weighted already; give it 1 in the objective.`);
  });
}
