import shader from "../../shaders/elementwise/accumulate_gradient.wgsl";
import type { Tensor } from "../tensors/tensor.js";
import { elementwiseVec4 } from "./launch.js";
import type { Tape } from "./tape.js";

/** Part of a backward pass: adds a gradient to that of an input of the same shape, if the pass needs it. */
export function accumulateGradient(tape: Tape, gradient: Tensor, input: Tensor): void {
  if (!tape.needs(input)) return;
  const { tensor, accumulate } = tape.gradientTarget(input);
  tape.dispatch({
    shader,
    bindings: { x: gradient, y: tensor },
    ...elementwiseVec4(tape, tensor, { ACCUMULATE: accumulate }),
  });
}
