import shader from "../../shaders/optimizers/adam.wgsl";
import { elementwiseVec4 } from "../recording/launch.js";
import type { StepCounter } from "../recording/step-counter.js";
import type { Tape } from "../recording/tape.js";
import type { Tensor } from "../tensors/tensor.js";
import type { Parameters } from "./parameters.js";

/** Options of {@link adam}. */
export interface AdamOptions {
  /** The learning rate: one for all steps, or that of each step from 0 on. */
  readonly rate: number | ((step: number) => number);
  readonly beta1?: number;
  readonly beta2?: number;
  readonly epsilon?: number;
  /** Where to keep the moments, instead of new tensors. */
  readonly moments?: AdamState;
}

/** The moving averages of Adam, laid out as the parameters. */
export interface AdamState {
  readonly first: Tensor;
  readonly second: Tensor;
}

/**
 * Adam (Kingma and Ba 2015) for all parameters at once. Returns the moments, which start at zero.
 * @param gradient laid out as the parameters.
 * @param steps for how many steps, from 0 on, the program can run.
 */
export function adam(
  tape: Tape,
  parameters: Pick<Parameters, "whole">,
  gradient: Tensor,
  counter: StepCounter,
  steps: number,
  options: AdamOptions,
): AdamState {
  const { rate, beta1 = 0.9, beta2 = 0.999, epsilon = 1e-8 } = options;
  const p = parameters.whole;
  const state = options.moments ?? {
    first: tape.tensor(p.shape, "first"),
    second: tape.tensor(p.shape, "second"),
  };
  // The shader holds β in float32, where 1 − 0.999 is off by 1e-5; that cancels if 1 − βᵗ comes from the same
  // β.
  const [held1, held2] = [Math.fround(beta1), Math.fround(beta2)];
  const schedule = new Float32Array(4 * steps);
  const rateOf = typeof rate === "number" ? () => rate : rate;
  for (let step = 0; step < steps; step++) {
    schedule.set([rateOf(step), 1 - held1 ** (step + 1), 1 - held2 ** (step + 1)], 4 * step);
  }
  const table = tape.constant(schedule, "Adam schedule");
  tape.dispatch({
    shader,
    bindings: {
      p,
      g: gradient,
      m: state.first,
      v: state.second,
      schedule: table,
      counter: counter.tensor,
    },
    index: counter.rowOf(table, 4),
    ...elementwiseVec4(tape, p, { BETA_1: beta1, BETA_2: beta2, EPSILON: epsilon }),
  });
  return state;
}
