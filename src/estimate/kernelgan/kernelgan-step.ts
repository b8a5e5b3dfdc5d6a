import { meanSquaredLoss } from "../../engine/ops/losses/mean-squared-loss.js";
import { adam } from "../../engine/optimizers/adam.js";
import type { Parameters } from "../../engine/optimizers/parameters.js";
import type { Tensor } from "../../engine/tensors/tensor.js";
import { kernelConstraints } from "../../model/losses/kernel-constraints.js";
import {
  lossAt,
  lossSlots,
  recordDiscriminatorGradient,
  recordGeneratorGradient,
} from "../adaptation/gan-step.js";
import { recordImageStep } from "../adaptation/image-step.js";
import type { StepRecorder } from "../adaptation/step-recorder.js";
import { bicubicKernel } from "./bicubic-kernel.js";
import { boundaryPenalty } from "./boundary-penalty.js";
import { kernelGanRate, kernelGanWeights } from "./schedule.js";

/** KernelGAN's images are within [−1, 1], ours within [0, 1]: its squared differences are four of ours. */
const SQUARED_RANGE = 4;

/** The middle of an 11×11 kernel for ×2, from its first pixel. */
const CENTER = 4.5;
const SPARSITY_POWER = 0.2;

/**
 * KernelGAN's step (Bell-Kligler et al. 2019): patches as in MetaKernelGAN, Adam in place of plain gradient descent, and
 * a generator that is held to bicubic downscaling at first, and to a kernel of sum 1 that is small at its rim, sparse and
 * centered.
 */
export const recordKernelGanStep: StepRecorder = (context) => {
  const { tape, generator, discriminator, counter, input } = context;
  const rows = Math.max(1, input.steps);
  const schedule = Array.from({ length: rows }, (_, step) => kernelGanWeights(step));
  const table = (values: readonly number[], label: string): Tensor =>
    tape.constant(Float32Array.from(values), label);

  const { patch, step } = recordImageStep(context);
  const bicubic = tape.constant(bicubicKernel(), "bicubic").reshape(generator.chain.output.shape);
  const reference = generator.downscale(tape, patch, bicubic);
  const update = (parameters: Parameters): void => {
    const options = { rate: kernelGanRate, beta1: 0.5 };
    adam(tape, parameters, tape.gradient(parameters.whole), counter, rows, options);
  };

  const losses = lossSlots(tape);
  const bicubicWeights = table(
    schedule.map(({ bicubic }) => SQUARED_RANGE * bicubic),
    "bicubic weights",
  );
  const constraintWeights = table(
    schedule.flatMap((w) => [w.sumToOne, w.boundaries, w.sparsity, w.center]),
    "constraint weights",
  );
  const penalty = tape.constant(boundaryPenalty(), "penalty");
  recordGeneratorGradient(tape, step, losses, (kernel, fake) => [
    {
      loss: kernelConstraints(tape, kernel, {
        weights: constraintWeights,
        counter,
        penalty,
        center: CENTER,
        power: SPARSITY_POWER,
        out: lossAt(losses, "kernel"),
      }),
      weight: 1,
    },
    {
      loss: meanSquaredLoss(tape, fake, reference, {
        weights: bicubicWeights,
        counter,
        out: lossAt(losses, "fake"),
      }),
      weight: 1,
    },
  ]);
  update(generator.parameters);
  generator.chain.refresh(tape);
  recordDiscriminatorGradient(tape, step, losses);
  update(discriminator.parameters);
  return { losses, kernelWeight: 1 };
};
