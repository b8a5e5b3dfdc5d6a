import {
  type Evaluation,
  type EvaluationItem,
  type EvaluationOptions,
  evaluateKernels,
  evaluationSteps,
  type KernelEstimator,
} from "../../../benchmark/kernel-evaluation.js";
import type { BlurKernel } from "../../../kernel/blur-kernel.js";
import { openProgress } from "../../shared/terminal/progress.js";

/** Kernels of one image: those of each run, by the number of steps. */
export type Estimates = Readonly<Record<string, readonly BlurKernel[]>>;

/**
 * Estimates and compares all kernels, with a progress bar.
 * @param kept after which steps the kernels are given back, too.
 */
export async function runKernels(
  estimator: KernelEstimator,
  items: readonly EvaluationItem[],
  options: EvaluationOptions,
  kept: readonly number[] = [],
): Promise<{ evaluation: Evaluation; estimates: readonly Estimates[] }> {
  const estimates = items.map((): Record<string, BlurKernel[]> => ({}));
  if (options.runs === 0) {
    return { evaluation: { images: items.map(({ name }) => ({ name, steps: {} })), mean: {} }, estimates };
  }
  const progress = await openProgress(evaluationSteps(items.length, options));
  try {
    const evaluation = await evaluateKernels(estimator, items, {
      ...options,
      onStart: () => progress.start(),
      onProgress: (step) => progress.update(step),
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
