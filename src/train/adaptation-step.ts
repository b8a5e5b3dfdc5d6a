import type { Tensor } from "../engine/tensor.js";
import { type Anchor, recordGanStep, SUM_TO_ONE_WEIGHT } from "./gan-step.js";
import { recordImageStep } from "./image-step.js";
import type { StepContext, StepRecorder } from "./step-recorder.js";

const GENERATOR_RATE = 0.01;
const DISCRIMINATOR_RATE = 0.2;
/** The generator's rate falls to a tenth just before this step index. */
const RATE_DROP = 50;

/** MetaKernelGAN's step on an image (MetaKernelGAN, section 3.3). */
export const recordMetaKernelGanStep: StepRecorder = (context) => recordStep(context);

/**
 * The same, with the kernel held near another.
 * @param kernel 11×11 values.
 * @param weight what a difference costs in the generator's objective.
 */
export function recordAnchoredStep(kernel: ArrayLike<number>, weight: number): StepRecorder {
  return (context) => {
    const held = context.tape.constant(Float32Array.from(kernel), "anchor");
    return recordStep(context, { kernel: held, weight });
  };
}

function recordStep(context: StepContext, anchor?: Anchor): ReturnType<StepRecorder> {
  const { tape, input } = context;
  const rates = (rate: (step: number) => number): Tensor =>
    tape.constant(
      Float32Array.from({ length: Math.max(1, input.steps) }, (_, step) => rate(step)),
      "rates",
    );
  const losses = recordGanStep(
    tape,
    { ...recordImageStep(context).step, anchor },
    {
      generator: rates((step) => (step < RATE_DROP ? GENERATOR_RATE : GENERATOR_RATE / 10)),
      discriminator: rates(() => DISCRIMINATOR_RATE),
    },
  );
  return { losses, kernelWeight: SUM_TO_ONE_WEIGHT };
}
