import type { StepCounter } from "../../engine/counter.js";
import { axpy } from "../../engine/ops/axpy.js";
import { type Probe, probe } from "../../engine/ops/probe.js";
import type { StepSizes } from "../../engine/optimisers/sgd.js";
import type { Parameters } from "../../engine/parameters.js";
import type { Tape } from "../../engine/tape.js";
import type { Tensor } from "../../engine/tensor.js";
import {
  type GanRates,
  type GanStep,
  innerLosses,
  lossSlots,
  recordDiscriminatorGradient,
  recordGeneratorGradient,
} from "../gan-step.js";
import { type ForBoth, NETWORKS } from "../learned-start.js";
import type { Trajectory } from "./trajectory.js";

/** What {@link recordReverseStep} works with. */
export interface ReverseStep {
  readonly step: GanStep;
  readonly rates: GanRates;
  readonly trajectory: Trajectory;
  /** The gradients of the outer objective by the weights of both networks, laid out as these. */
  readonly adjoint: ForBoth<Tensor>;
  /** A counter that stays at 0. */
  readonly zero: StepCounter;
}

/**
 * Records the way back through one step of the inner loop: from the gradients of the outer objective by the weights after the
 * step to those by the weights before it. A turn θ' = θ − a ∘ ∇L(θ, φ) hands λ on as λ − ∂/∂θ ⟨∇L, a ∘ λ⟩, and to the other
 * network's weights φ as −∂/∂φ ⟨∇L, a ∘ λ⟩. Both are the derivative of a gradient along w = a ∘ λ, so two gradients at θ ± ε w
 * give them, and no operation needs a second derivative.
 *
 * Expects the generator as it was after the step, its kernel up to date, and leaves both as they were before it.
 */
export function recordReverseStep(tape: Tape, reverse: ReverseStep): void {
  const { step, rates, trajectory } = reverse;
  const { generator, discriminator } = step;
  const wanted = [generator.parameters.whole, discriminator.parameters.whole];
  const losses = lossSlots(tape);

  trajectory.restore(tape, "discriminator");
  recordDerivative(tape, reverse, "discriminator", rates.discriminator, () => {
    trajectory.restore(tape, "beforeDiscriminator");
    recordDiscriminatorGradient(tape, step, losses, generator.chain.kernel(tape), wanted);
  });
  trajectory.restore(tape, "discriminator");
  trajectory.restore(tape, "generator");
  recordDerivative(tape, reverse, "generator", rates.generator, () => {
    generator.chain.refresh(tape);
    trajectory.restore(tape, "beforeGenerator");
    recordGeneratorGradient(tape, step, losses, innerLosses(tape, step, losses), wanted);
  });
  trajectory.restore(tape, "generator");
  generator.chain.refresh(tape);
}

/** Adds minus the derivative of both networks' gradients along one network's step to the adjoint. */
function recordDerivative(
  tape: Tape,
  { step, adjoint, zero }: ReverseStep,
  moved: keyof ForBoth<Tensor>,
  sizes: StepSizes,
  recordGradient: () => void,
): void {
  const parameters: ForBoth<Parameters> = {
    generator: step.generator.parameters,
    discriminator: step.discriminator.parameters,
  };
  const { whole } = parameters[moved];
  const along: Probe = probe(tape, whole, adjoint[moved], sizes, step.counter);
  for (const [side, length] of [along.there, along.across].entries()) {
    axpy(tape, along.direction, length, zero, whole);
    recordGradient();
    const weight = along.weights[side] as Tensor;
    for (const network of NETWORKS) {
      axpy(tape, tape.gradient(parameters[network].whole), weight, zero, adjoint[network]);
    }
  }
}
