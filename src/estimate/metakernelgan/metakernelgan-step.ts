import { recordGanStep, SUM_TO_ONE_WEIGHT } from "../adaptation/gan-step.js";
import { recordImageStep } from "../adaptation/image-step.js";
import type { StepRecorder } from "../adaptation/step-recorder.js";
import { INNER_LOOPS, type InnerLoop, recordRates } from "./inner-loop.js";

/** MetaKernelGAN's step on an image (Lee et al., WACV 2024, section 3.3). */
export function recordMetaKernelGanStep(loop: InnerLoop = INNER_LOOPS.paper): StepRecorder {
  return (context) => {
    const { tape, input } = context;
    const rates = recordRates(tape, context, loop, input.steps);
    const losses = recordGanStep(tape, recordImageStep(context).step, rates);
    return { losses, kernelWeight: SUM_TO_ONE_WEIGHT };
  };
}
