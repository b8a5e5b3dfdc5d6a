import { type Anchor, recordGanStep, SUM_TO_ONE_WEIGHT } from "../adaptation/gan-step.js";
import { recordImageStep } from "../adaptation/image-step.js";
import type { StepContext, StepRecorder } from "../adaptation/step-recorder.js";
import { INNER_LOOPS, type InnerLoop, recordRates } from "./inner-loop.js";

/** MetaKernelGAN's step on an image (MetaKernelGAN, section 3.3). */
export function recordMetaKernelGanStep(loop: InnerLoop = INNER_LOOPS.paper): StepRecorder {
  return (context) => recordStep(context, loop);
}

/**
 * The same, with the kernel held near another.
 * @param kernel 11×11 values.
 * @param weight what a difference costs in the generator's objective.
 */
export function recordAnchoredStep(loop: InnerLoop, kernel: ArrayLike<number>, weight: number): StepRecorder {
  return (context) => {
    const held = context.tape.constant(Float32Array.from(kernel), "anchor");
    return recordStep(context, loop, { kernel: held, weight });
  };
}

function recordStep(context: StepContext, loop: InnerLoop, anchor?: Anchor): ReturnType<StepRecorder> {
  const { tape, input } = context;
  const rates = recordRates(tape, context, loop, input.steps);
  const losses = recordGanStep(tape, { ...recordImageStep(context).step, anchor }, rates);
  return { losses, kernelWeight: SUM_TO_ONE_WEIGHT };
}
