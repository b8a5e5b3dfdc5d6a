import shader from "../../shaders/hand_on.wgsl";
import type { Tape } from "../tape.js";
import type { Tensor } from "../tensor.js";
import { elementwiseVec4 } from "./launch.js";

/** Part of a backward pass: adds a gradient as it is to that of an input, if that one is wanted. */
export function handOn(tape: Tape, gradient: Tensor, input: Tensor): void {
  if (!tape.needs(input)) return;
  const { tensor, accumulate } = tape.gradientTarget(input);
  tape.dispatch({
    shader,
    bindings: { x: gradient, y: tensor },
    ...elementwiseVec4(tape, tensor, { ACCUMULATE: accumulate }),
  });
}
