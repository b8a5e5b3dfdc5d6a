import {
  type Evaluation,
  type EvaluationItem,
  type EvaluationOptions,
  evaluateKernels,
  evaluationSteps,
} from "../../../benchmark/kernel-evaluation.js";
import type { KernelEstimator } from "../../../estimate/kernel-estimator.js";
import type { BlurKernel } from "../../../kernel/blur-kernel.js";
import type { RunDevice } from "../../shared/devices/run-device.js";
import { SteadyEstimator } from "../../shared/devices/steady-tools.js";
import type { ChosenEstimator } from "../../shared/methods/estimator.js";
import { openProgress } from "../../shared/terminal/progress.js";

/** Estimated kernels of one image, one a run, by the number of steps. */
export type Estimates = Readonly<Record<string, readonly BlurKernel[]>>;

/**
 * Estimates and compares all kernels, with a progress bar.
 * @param kept numbers of steps after which the kernels are returned, too.
 */
export async function runKernels(
  device: RunDevice<{ readonly estimator: KernelEstimator }>,
  { method, scale }: ChosenEstimator,
  items: readonly EvaluationItem[],
  options: EvaluationOptions,
  kept: readonly number[] = [],
): Promise<{ evaluation: Evaluation; estimates: readonly Estimates[] }> {
  const estimates = items.map((): Record<string, BlurKernel[]> => ({}));
  if (options.runs === 0) {
    return { evaluation: { images: items.map(({ name }) => ({ name, steps: {} })), mean: {} }, estimates };
  }
  const progress = await openProgress({ total: evaluationSteps(items.length, options), unit: "steps" });
  const estimator = new SteadyEstimator(device, method, scale, (tools) => tools.estimator, progress.say);
  try {
    const evaluation = await evaluateKernels(estimator, items, {
      ...options,
      onProgress: (steps) => progress.update(steps),
      onEstimate: (image, kernels) => {
        for (const step of kept) {
          estimates[image][step] ??= [];
          estimates[image][step].push(kernels[step]);
        }
      },
    });
    return { evaluation, estimates };
  } finally {
    progress.stop();
  }
}
