import shader from "../../shaders/optimizers/sgd.wgsl";
import { elementwiseVec4 } from "../recording/launch.js";
import type { StepCounter } from "../recording/step-counter.js";
import type { Tape } from "../recording/tape.js";
import type { Tensor } from "../tensors/tensor.js";
import type { Parameters } from "./parameters.js";

/** Learning rates of {@link sgd}. */
export interface SgdRates {
  /** `[steps]`: the rate of each step. */
  readonly rates: Tensor;
  /** What multiplies the rate, laid out as the parameters (see {@link Parameters.broadcast}); default: 1. */
  readonly rateMultipliers?: Tensor;
}

/** Stochastic gradient descent: p ← p − rates[step] · rateMultipliers · dp for all parameters at once. */
export function sgd(
  tape: Tape,
  parameters: Parameters,
  { rates, rateMultipliers }: SgdRates,
  counter: StepCounter,
): void {
  const p = parameters.whole;
  tape.dispatch({
    shader,
    bindings: {
      p,
      g: tape.gradient(p),
      rates,
      rate_multipliers: rateMultipliers ?? ones(tape, p),
      counter: counter.tensor,
    },
    index: counter.rowOf(rates),
    ...elementwiseVec4(tape, p),
  });
}

function ones(tape: Tape, { size }: Tensor): Tensor {
  return tape.constant(new Float32Array(size).fill(1), "ones");
}
