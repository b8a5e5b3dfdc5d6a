import shader from "../../shaders/optimizers/sgd.wgsl";
import { elementwise } from "../recording/launch.js";
import type { StepCounter } from "../recording/step-counter.js";
import type { Tape } from "../recording/tape.js";
import type { Parameters } from "../tensors/parameters.js";
import type { Tensor } from "../tensors/tensor.js";

/** How far gradient descent goes. */
export interface StepSizes {
  /** [steps]: the rate of each step. */
  readonly rates: Tensor;
  /** What the rate is multiplied by, laid out as the parameters (see {@link Parameters.spread}); 1 unless given. */
  readonly sizes?: Tensor;
}

/** Stochastic gradient descent: p ← p − rates[step] · sizes · dp for all parameters at once. */
export function sgd(tape: Tape, parameters: Parameters, steps: StepSizes, counter: StepCounter): void {
  const p = parameters.whole;
  tape.dispatch({
    shader,
    bindings: {
      p,
      g: tape.gradient(p),
      rates: steps.rates,
      sizes: steps.sizes ?? ones(tape, p),
      counter: counter.tensor,
    },
    index: counter.rowOf(steps.rates),
    ...elementwise(tape, p.size / 4, { COUNT: p.size }),
  });
}

/** The sizes of steps that are alike for all of some parameters. */
function ones(tape: Tape, { size }: Tensor): Tensor {
  return tape.constant(new Float32Array(size).fill(1), "ones");
}
