import type { Evaluation, MeanScore } from "../../../benchmark/kernel-evaluation.js";
import type { ImageScore } from "../../../image/metrics/image-metrics.js";
import type { KernelScore } from "../../../kernel/metrics/kernel-score.js";
import type { EvaluatedImages } from "./images.js";

/** Scores of images made without an estimate: without a kernel, and with the true one. */
interface Bounds {
  readonly bicubic?: ImageScore;
  readonly trueKernel?: ImageScore;
}

/** An evaluation of kernels, and of the images made with them if they were asked for. Plain data. */
export interface FullEvaluation extends Bounds {
  readonly images: readonly (Bounds & {
    readonly name: string;
    readonly steps: Readonly<Record<string, KernelScore & Partial<ImageScore>>>;
  })[];
  readonly mean: Readonly<Record<string, MeanScore & Partial<ImageScore>>>;
}

/** Joins the scores of kernels and images, step by step. */
export function withImages({ images, mean }: Evaluation, upscaled?: EvaluatedImages): FullEvaluation {
  if (!upscaled) return { images, mean };
  return {
    images: images.map(({ name, steps }, index) => {
      const { steps: scores, ...bounds } = upscaled.images[index];
      return { name, steps: joined(steps, scores), ...bounds };
    }),
    mean: joined(mean, upscaled.mean.steps),
    bicubic: upscaled.mean.bicubic,
    trueKernel: upscaled.mean.trueKernel,
  };
}

function joined<T>(
  kernels: Readonly<Record<string, T>>,
  images: Readonly<Record<string, ImageScore>>,
): Record<string, T & Partial<ImageScore>> {
  return Object.fromEntries(
    Object.entries(kernels).map(([step, score]) => [step, { ...score, ...images[step] }]),
  );
}
