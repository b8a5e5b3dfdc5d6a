import { NumericalError } from "../engine/errors.js";
import { isAdaptive } from "../estimate/adaptation/adaptive-estimator.js";
import type { EstimateOptions, KernelEstimate, KernelEstimator } from "../estimate/kernel-estimator.js";
import { mean, standardDeviation } from "../image/metrics/mean.js";
import type { RgbImage } from "../image/rgb-image.js";
import type { BlurKernel } from "../kernel/blur-kernel.js";
import { KernelError } from "../kernel/errors.js";
import { KERNEL_SIZE } from "../kernel/families/gaussian-kernel.js";
import { kernelGrid } from "../kernel/metrics/kernel-grid.js";
import { type KernelScore, kernelScore } from "../kernel/metrics/kernel-score.js";

/** An image of a benchmark. */
export interface EvaluationItem {
  readonly name: string;
  /** The kernel with which the image was made. */
  readonly kernel: BlurKernel<"correlation">;
  /** Gives the image when its turn comes: a large benchmark would not fit into memory at once. */
  readonly image: () => RgbImage | Promise<RgbImage>;
}

/** Options of {@link evaluateKernels}. */
export interface EvaluationOptions {
  readonly scale: 2 | 4;
  /** Numbers of steps after which the kernels are compared; each estimate takes as many as the largest of them. */
  readonly steps: readonly number[];
  /** Estimates of each image. */
  readonly runs: number;
  /** Seed of the first run; each further run has the next. */
  readonly seed: number;
  /** Whether true kernels lie on the natural grid, as those of photos do; false unless given. */
  readonly naturalGrid?: boolean;
  readonly signal?: AbortSignal;
  /** Called with the number of complete steps over all estimates; with 0 once, right before the first step. */
  readonly onProgress?: (steps: number) => void;
  /** Called after each estimate, with the index of its image and the kernels after 0, 1, … steps. */
  readonly onEstimate?: (image: number, kernels: readonly BlurKernel<"correlation">[]) => void;
}

/** A score over a benchmark. */
export interface MeanScore extends KernelScore {
  /** Standard deviation of the runs' mean kernel PSNRs; divided by the number of runs, so 0 for a single one. */
  readonly kernelPsnrStd: number;
}

/** The result of an evaluation; plain data. Scores are keyed by the number of steps. */
export interface Evaluation {
  /** For each image, the mean over the runs. */
  readonly images: readonly {
    readonly name: string;
    readonly steps: Readonly<Record<string, KernelScore>>;
  }[];
  /** Over images and runs. */
  readonly mean: Readonly<Record<string, MeanScore>>;
}

/** The number of steps of a whole evaluation. */
export function evaluationSteps(
  images: number,
  { steps, runs }: Pick<EvaluationOptions, "steps" | "runs">,
): number {
  return images * runs * Math.max(...steps);
}

/**
 * Estimates the kernels of a benchmark's images and compares them with the true ones.
 * @throws {RangeError} if there is nothing to evaluate.
 * @throws {KernelError} before any work, if a true kernel is for another scale.
 * @throws {NumericalError} if an adaptation diverges; the message names the image and the seed.
 * @throws the signal's reason if it is aborted.
 */
export async function evaluateKernels(
  model: KernelEstimator,
  items: readonly EvaluationItem[],
  options: EvaluationOptions,
): Promise<Evaluation> {
  const { scale, runs, seed, naturalGrid = false, signal, onProgress } = options;
  const steps = [...new Set(options.steps)].sort((a, b) => a - b);
  const last = steps.at(-1);
  if (last === undefined || items.length === 0 || runs < 1) {
    throw new RangeError("An evaluation needs at least one image, one step and one run.");
  }
  for (const { name, kernel } of items) assertScale(name, kernel, scale);

  let before = 0;
  let reported = -1;
  const report = (done: number): void => {
    if (before + done <= reported) return;
    reported = before + done;
    onProgress?.(reported);
  };
  const ofImages: ImageScores[] = [];
  for (const [index, { name, kernel: truth, image }] of items.entries()) {
    const pixels = await image();
    const ofRuns: KernelScore[][] = [];
    for (let run = 0; run < runs; run++) {
      const estimate = await estimateNamed(model, name, pixels, {
        scale,
        steps: last,
        seed: seed + run,
        signal,
        onProgress: ({ done }) => report(done),
      });
      const kernels = isAdaptive(estimate) ? estimate.kernels : [estimate.kernel];
      before += last;
      options.onEstimate?.(index, kernels);
      ofRuns.push(steps.map((step) => kernelScore(kernels[step], truth, naturalGrid)));
    }
    ofImages.push(ofRuns);
  }
  return summary(
    items.map(({ name }) => name),
    steps,
    ofImages,
  );
}

/** Scores of one image: for each run, for each number of steps. */
type ImageScores = readonly (readonly KernelScore[])[];

function summary(
  names: readonly string[],
  steps: readonly number[],
  ofImages: readonly ImageScores[],
): Evaluation {
  const byStep = <T>(value: (index: number) => T): Record<string, T> =>
    Object.fromEntries(steps.map((step, index) => [step, value(index)]));
  return {
    images: ofImages.map((ofRuns, image) => ({
      name: names[image],
      steps: byStep((index) => meanScore(ofRuns.map((scores) => scores[index]))),
    })),
    mean: byStep((index) => {
      const runs = ofImages[0].map((_, run) => meanScore(ofImages.map((ofRuns) => ofRuns[run][index])));
      return { ...meanScore(runs), kernelPsnrStd: standardDeviation(runs.map((score) => score.kernelPsnr)) };
    }),
  };
}

/** A benchmark runs for hours, so its errors name image and seed. */
async function estimateNamed(
  model: KernelEstimator,
  name: string,
  image: RgbImage,
  options: EstimateOptions & { readonly seed: number },
): Promise<KernelEstimate> {
  try {
    return await model.estimate(image, options);
  } catch (cause) {
    if (!(cause instanceof NumericalError)) throw cause;
    throw new NumericalError(`${name} with seed ${options.seed}: ${cause.message}`, { cause });
  }
}

/** Refuses what is a kernel of the paper for the other scale, by its size and center: the folders were mixed up. */
function assertScale(name: string, kernel: BlurKernel, scale: 2 | 4): void {
  const sizes = { 2: KERNEL_SIZE, 4: 2 * KERNEL_SIZE - 1 };
  const other = scale === 2 ? 4 : 2;
  if (kernel.size !== sizes[other] || kernelGrid([kernel], other) !== "paper") return;
  const [expected, found] = [sizes[scale], sizes[other]];
  throw new KernelError(
    `${name}: a kernel for ×${scale} has ${expected}×${expected} values; the true one has ${found}×${found}.`,
  );
}

function meanScore(scores: readonly KernelScore[]): KernelScore {
  return {
    kernelPsnr: mean(scores.map((score) => score.kernelPsnr)),
    kernelCov: mean(scores.map((score) => score.kernelCov)),
  };
}
