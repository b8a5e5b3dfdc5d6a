import shader from "../../shaders/probe.wgsl";
import type { StepCounter } from "../counter.js";
import { ShapeError } from "../errors.js";
import { ones, type StepSizes } from "../optimisers/sgd.js";
import type { Tape } from "../tape.js";
import { ALIGNED_ELEMENTS, type Tensor } from "../tensor.js";

/** How far to either side the parameters are moved, as a part of their length: between rounding and the next kink. */
const REACH = 2e-3;

/** A direction in the space of parameters, and lengths that central differences along it take; [1] each. */
export interface Probe {
  /** w = rates[step] · sizes · d, laid out as the parameters. */
  readonly direction: Tensor;
  /** ε, by which to go to the one side. */
  readonly there: Tensor;
  /** −2ε: from the one side to the other. */
  readonly across: Tensor;
  /** ∓1 / 2ε: what the gradients there are to be weighed by, for minus the derivative along w. */
  readonly weights: readonly [there: Tensor, across: Tensor];
}

/**
 * Prepares minus the derivative of a gradient along w = rates[step] · sizes · d by central differences,
 * −(g(p + ε w) − g(p − ε w)) / 2ε: what a step of descent with these sizes adds to the gradient d on its way back.
 * @throws {ShapeError} unless p, d and the sizes are laid out alike.
 */
export function probe(tape: Tape, p: Tensor, d: Tensor, steps: StepSizes, counter: StepCounter): Probe {
  const { rates, sizes = ones(tape, p) } = steps;
  if (d.size !== p.size || sizes.size !== p.size || p.size % 4) {
    throw new ShapeError(
      `probe wants equal sizes, multiples of four; got [${p.shape}], [${d.shape}] and [${sizes.shape}].`,
    );
  }
  const direction = tape.tensor(p.shape, "probe");
  const lengths = tape.tensor([4 * ALIGNED_ELEMENTS], "probe lengths");
  const at = (i: number): Tensor => lengths.view(i * ALIGNED_ELEMENTS, [1]);
  tape.dispatch({
    shader,
    constants: { COUNT: p.size, REACH, WORKGROUP: tape.engine.tuning.reduction },
    bindings: {
      p,
      d,
      rates,
      sizes,
      counter: counter.tensor,
      w: direction,
      lengths,
    },
    workgroups: [1],
  });
  return { direction, there: at(0), across: at(1), weights: [at(2), at(3)] };
}
