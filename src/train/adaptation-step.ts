import type { Tensor } from "../engine/tensor.js";
import { recordGanStep, SUM_TO_ONE_WEIGHT } from "./gan-step.js";
import { recordImageStep } from "./image-step.js";
import type { StepRecorder } from "./step-recorder.js";

const GENERATOR_RATE = 0.01;
const DISCRIMINATOR_RATE = 0.2;
/** The generator's rate falls to a tenth just before this step index. */
const RATE_DROP = 50;

/** MetaKernelGAN's step on an image (MetaKernelGAN, section 3.3). */
export const recordMetaKernelGanStep: StepRecorder = (context) => {
  const { tape, input } = context;
  const rates = (rate: (step: number) => number): Tensor =>
    tape.constant(
      Float32Array.from({ length: Math.max(1, input.steps) }, (_, step) => rate(step)),
      "rates",
    );
  const losses = recordGanStep(tape, recordImageStep(context).step, {
    generator: rates((step) => (step < RATE_DROP ? GENERATOR_RATE : GENERATOR_RATE / 10)),
    discriminator: rates(() => DISCRIMINATOR_RATE),
  });
  return { losses, kernelWeight: SUM_TO_ONE_WEIGHT };
};
