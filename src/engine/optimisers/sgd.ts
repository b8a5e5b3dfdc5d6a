import shader from "../../shaders/sgd.wgsl";
import type { StepCounter } from "../counter.js";
import { elementwise } from "../ops/launch.js";
import type { Parameters } from "../parameters.js";
import type { Tape } from "../tape.js";
import type { Tensor } from "../tensor.js";

/** Stochastic gradient descent: p ← p − rates[step] · dp for all parameters at once. */
export function sgd(tape: Tape, parameters: Parameters, rates: Tensor, counter: StepCounter): void {
  const p = parameters.whole;
  tape.dispatch({
    shader,
    bindings: { p, g: tape.gradient(p), rates, counter: counter.tensor },
    ...elementwise(tape, p.size / 4, { COUNT: p.size }),
  });
}
