import type { ImageScore } from "../image/metrics/image-metrics.js";
import { mean } from "../image/metrics/mean.js";
import { upscaleBicubic } from "../image/resize/bicubic.js";
import type { RgbImage } from "../image/rgb-image.js";
import { alignKernel } from "../kernel/align-kernel.js";
import type { BlurKernel } from "../kernel/blur-kernel.js";
import type { SigmaInputs } from "../upscale/sigma/automatic-sigma.js";
import type { Upscaler } from "../upscale/upscaler.js";
import { PAPER_PROTOCOL, type Protocol } from "./protocol.js";

/** An image of a benchmark and the kernels with which to upscale it. */
export interface ImageEvaluationItem {
  /** Gives the low-resolution image and the true one, of exactly `scale` times the sides, when their turn comes. */
  readonly images: () => Promise<{ readonly lr: RgbImage; readonly hr: RgbImage }>;
  /** The kernel with which the low-resolution image was made. */
  readonly trueKernel: BlurKernel;
  /** Estimates of the kernel, one a run, by the number of steps after which they were taken. */
  readonly estimates: Readonly<Record<string, readonly BlurKernel[]>>;
}

/** Options of {@link evaluateImages}. */
export interface ImageEvaluationOptions {
  readonly scale: 2 | 4;
  readonly sigma?: number;
  /** The paper's unless given. */
  readonly protocol?: Protocol;
  readonly signal?: AbortSignal;
  /** Called as work completes, with the number of upscaled images; its fraction is the share of the next one. */
  readonly onProgress?: (images: number) => void;
}

/** Scores of upscaled images; plain data. */
export interface ImageEvaluation {
  /** Upscaled with the estimated kernels, by the number of steps; the mean of several runs. */
  readonly steps: Readonly<Record<string, ImageScore>>;
  /** Enlarged by cubic convolution, without a kernel. */
  readonly bicubic: ImageScore;
  /** Upscaled with the true kernel: the upper bound for estimates. */
  readonly trueKernel: ImageScore;
}

/** The number of images that {@link evaluateImages} upscales. */
export function imagesToUpscale(items: readonly Pick<ImageEvaluationItem, "estimates">[]): number {
  return items.reduce((sum, { estimates }) => sum + 1 + Object.values(estimates).flat().length, 0);
}

/**
 * Upscales a benchmark's images with their estimated kernels and with the true ones, and compares the results with the
 * true images.
 * @returns an evaluation of each image, and the mean of them.
 * @throws {ImageError} if a true image has not exactly `scale` times the sides.
 * @throws the signal's reason if it is aborted.
 */
export async function evaluateImages(
  upscaler: Upscaler,
  items: readonly ImageEvaluationItem[],
  options: ImageEvaluationOptions,
): Promise<{ images: ImageEvaluation[]; mean: ImageEvaluation }> {
  const { scale, sigma, protocol = PAPER_PROTOCOL, signal, onProgress } = options;
  let done = 0;
  const images: ImageEvaluation[] = [];
  for (const item of items) {
    const { lr, hr } = await item.images();
    const score = async (kernel: BlurKernel, known?: SigmaInputs): Promise<ImageScore> => {
      const sr = await upscaler.upscale(lr, {
        kernel,
        scale,
        sigma,
        known,
        boundary: protocol.boundary,
        signal,
        onProgress: (progress) => onProgress?.(done + progress.done / progress.total),
      });
      done++;
      return protocol.score(sr, hr, scale);
    };
    const trueKernel = await score(item.trueKernel);
    const steps: Record<string, ImageScore> = {};
    // How wrong an estimate is is unknown.
    const known = { noise: sigma };
    for (const [step, kernels] of Object.entries(item.estimates)) {
      const runs: ImageScore[] = [];
      for (const kernel of kernels) runs.push(await score(alignKernel(kernel, scale, protocol.align), known));
      steps[step] = meanScore(runs);
    }
    images.push({ steps, bicubic: protocol.score(upscaleBicubic(lr, scale), hr, scale), trueKernel });
  }
  const overall: ImageEvaluation = {
    steps: Object.fromEntries(
      Object.keys(images[0]?.steps ?? {}).map((step) => [
        step,
        meanScore(images.map((each) => each.steps[step])),
      ]),
    ),
    bicubic: meanScore(images.map(({ bicubic }) => bicubic)),
    trueKernel: meanScore(images.map(({ trueKernel }) => trueKernel)),
  };
  return { images, mean: overall };
}

function meanScore(scores: readonly ImageScore[]): ImageScore {
  return { psnr: mean(scores.map(({ psnr }) => psnr)), ssim: mean(scores.map(({ ssim }) => ssim)) };
}
