import { NumericalError } from "../engine/errors.js";
import type { Estimate, EstimateOptions } from "../estimate/adaptation/estimate.js";
import type { RgbImage } from "../image/rgb-image.js";
import type { BlurKernel } from "../kernel/blur-kernel.js";
import { KernelError } from "../kernel/errors.js";
import { KERNEL_SIZE } from "../kernel/families/gaussian-kernel.js";
import { kernelCov, kernelPsnr } from "../kernel/metrics/kernel-metrics.js";
import { onOneGrid } from "../kernel/metrics/one-grid.js";

/** Whatever estimates kernels. */
export interface KernelEstimator {
  estimate(image: RgbImage, options: EstimateOptions): Promise<Estimate>;
}

/** An image of a benchmark. */
export interface EvaluationItem {
  readonly name: string;
  /** The kernel that the image was made with. */
  readonly kernel: BlurKernel<"correlation">;
  /** Gives the image when its turn comes: all of a large benchmark at once would not fit into memory. */
  readonly image: () => RgbImage | Promise<RgbImage>;
}

/** Options of {@link evaluateKernels}. */
export interface EvaluationOptions {
  readonly scale: 2 | 4;
  /** After how many steps the kernels are compared; each estimate takes as many as the largest of them. */
  readonly steps: readonly number[];
  /** Estimates of each image. */
  readonly runs: number;
  /** Run 0, 1, … has this seed, the next, …. */
  readonly seed: number;
  /** Whether true kernels are of any odd size and lie on the natural grid, as those of photos do; not unless given. */
  readonly naturalGrid?: boolean;
  readonly signal?: AbortSignal;
  /** Called once, right before the first step. */
  readonly onStart?: () => void;
  /** Called as steps complete, with their number over all estimates. */
  readonly onProgress?: (step: number) => void;
  /** Called after each estimate, with the place of its image and the kernels after 0, 1, … steps. */
  readonly onEstimate?: (image: number, kernels: Estimate["kernels"]) => void;
}

/** How close an estimate is to the true kernel. */
export interface KernelScore {
  /** In dB; higher is better. */
  readonly kernelPsnr: number;
  /** K-COV in square pixels; lower is better. */
  readonly kernelCov: number;
}

/** A score over a benchmark. */
export interface MeanScore extends KernelScore {
  /** Standard deviation over the runs of a run's mean kernel PSNR; divided by the number of runs, so 0 for one. */
  readonly kernelPsnrStd: number;
}

/** What an evaluation found; plain data. Scores are keyed by the number of steps. */
export interface Evaluation {
  /** For each image, the mean over the runs. */
  readonly images: readonly {
    readonly name: string;
    readonly steps: Readonly<Record<string, KernelScore>>;
  }[];
  /** Over images and runs. */
  readonly mean: Readonly<Record<string, MeanScore>>;
}

/** How many steps an evaluation takes in all. */
export function evaluationSteps(
  images: number,
  { steps, runs }: Pick<EvaluationOptions, "steps" | "runs">,
): number {
  return images * runs * Math.max(...steps);
}

/**
 * Estimates the kernels of a benchmark's images and compares them with the true ones.
 * @throws {RangeError} if there is nothing to evaluate.
 * @throws {KernelError} if a kernel is not of the scale, before any work.
 * @throws {NumericalError} if an adaptation diverges, with the image and the seed.
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
  if (!naturalGrid) for (const { name, kernel } of items) assertSize(name, kernel, scale);

  let done = 0;
  let onStart = options.onStart;
  const ofImages: ImageScores[] = [];
  for (const [index, { name, kernel, image }] of items.entries()) {
    const pixels = await image();
    const ofRuns: KernelScore[][] = [];
    for (let run = 0; run < runs; run++) {
      const { kernels } = await estimateNamed(model, name, pixels, {
        scale,
        steps: last,
        seed: seed + run,
        signal,
        onStart,
        onProgress: (step) => onProgress?.(done + step),
      });
      onStart = undefined;
      done += last;
      options.onEstimate?.(index, kernels);
      ofRuns.push(
        steps.map((step) => {
          const pair = naturalGrid ? onOneGrid(kernels[step], kernel) : ([kernels[step], kernel] as const);
          return { kernelPsnr: kernelPsnr(...pair), kernelCov: kernelCov(...pair) };
        }),
      );
    }
    ofImages.push(ofRuns);
  }
  return summary(
    items.map(({ name }) => name),
    steps,
    ofImages,
  );
}

/** Of one image: for each run, for each step. */
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
      return { ...meanScore(runs), kernelPsnrStd: deviation(runs.map((score) => score.kernelPsnr)) };
    }),
  };
}

/** A benchmark runs for hours: its errors say where it was. */
async function estimateNamed(
  model: KernelEstimator,
  name: string,
  image: RgbImage,
  options: EstimateOptions & { readonly seed: number },
): Promise<Estimate> {
  try {
    return await model.estimate(image, options);
  } catch (cause) {
    if (!(cause instanceof NumericalError)) throw cause;
    throw new NumericalError(`${name} with seed ${options.seed}: ${cause.message}`, { cause });
  }
}

function assertSize(name: string, { size }: BlurKernel, scale: 2 | 4): void {
  const expected = scale === 2 ? KERNEL_SIZE : 2 * KERNEL_SIZE - 1;
  if (size === expected) return;
  throw new KernelError(
    `${name}: a kernel for ×${scale} has ${expected}×${expected} values; the true one has ${size}×${size}.`,
  );
}

function meanScore(scores: readonly KernelScore[]): KernelScore {
  return {
    kernelPsnr: mean(scores.map((score) => score.kernelPsnr)),
    kernelCov: mean(scores.map((score) => score.kernelCov)),
  };
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

function deviation(values: readonly number[]): number {
  const middle = mean(values);
  return Math.sqrt(mean(values.map((value) => (value - middle) ** 2)));
}
