import { EngineError } from "../errors.js";
import type { Tensor } from "../tensors/tensor.js";
import type { Tape } from "./tape.js";

/**
 * Says that an operation was recorded without its gradient, whose code and shaders a program that never wants it need not carry. A
 * backward pass through it fails, instead of leaving it out.
 * @throws {EngineError} as {@link Tape.differentiable} does.
 */
export function forwardOnly(
  tape: Tape,
  operation: string,
  inputs: readonly Tensor[],
  outputs: readonly Tensor[],
): void {
  tape.differentiable(inputs, outputs, () => refuseGradients(tape, operation, inputs));
}

/**
 * Part of a backward pass: refuses the gradients of inputs for which an operation was recorded without them.
 * @throws {EngineError} if the pass needs one of them.
 */
export function refuseGradients(tape: Tape, operation: string, inputs: readonly Tensor[]): void {
  const input = inputs.find((each) => tape.needs(each));
  if (input) {
    throw new EngineError(
      `${operation} was recorded without the gradient of ${input.label}: record it with the differentiable operation.`,
    );
  }
}
