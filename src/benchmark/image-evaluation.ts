import type { ImageScore } from "../image/metrics/image-metrics.js";
import { upscaleBicubic } from "../image/resize/bicubic.js";
import type { RgbImage } from "../image/rgb-image.js";
import type { BlurKernel } from "../kernel/blur-kernel.js";
import { PAPER_PROTOCOL, type Protocol } from "../upscale/protocol.js";
import type { Upscaler } from "../upscale/upscaler.js";

/** An image of a benchmark, and the kernels with which to upscale it. */
export interface ImageEvaluationItem {
  /** Low and high resolution; the latter of exactly `scale` times the sides. Asked for when their turn comes. */
  readonly images: () => Promise<{ readonly lr: RgbImage; readonly hr: RgbImage }>;
  /** The kernel that the low-resolution image was made with. */
  readonly trueKernel: BlurKernel;
  /** Estimates of it, of each run, by the number of steps after which they were taken. */
  readonly estimates: Readonly<Record<string, readonly BlurKernel[]>>;
}

/** Options of {@link evaluateImages}. */
export interface ImageEvaluationOptions {
  readonly scale: 2 | 4;
  readonly sigma?: number;
  /** The paper's unless given. */
  readonly protocol?: Protocol;
  readonly signal?: AbortSignal;
  /** Called as work completes, with the number of images upscaled; its fraction is the share of the next. */
  readonly onProgress?: (images: number) => void;
}

/** What an evaluation of images found; plain data. */
export interface ImageEvaluation {
  /** With the estimated kernels, by the number of steps; of several runs the mean. */
  readonly steps: Readonly<Record<string, ImageScore>>;
  /** Cubic convolution, without a kernel. */
  readonly bicubic: ImageScore;
  /** With the true kernel: as good as it can get. */
  readonly trueKernel: ImageScore;
}

/** How many images {@link evaluateImages} upscales. */
export function imagesToUpscale(items: readonly Pick<ImageEvaluationItem, "estimates">[]): number {
  return items.reduce((sum, { estimates }) => sum + 1 + Object.values(estimates).flat().length, 0);
}

/**
 * Upscales a benchmark's images with their estimated kernels and with the true ones, and compares the results with the
 * true images.
 * @returns an evaluation of each image, and the mean of them.
 * @throws {ImageError} if an image has no `scale` times larger true one.
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
    const score = async (kernel: BlurKernel): Promise<ImageScore> => {
      const sr = await upscaler.upscale(lr, {
        kernel,
        scale,
        sigma,
        boundary: protocol.boundary,
        signal,
        onProgress: (share) => onProgress?.(done + share),
      });
      done++;
      return protocol.score(sr, hr, scale);
    };
    const trueKernel = await score(item.trueKernel);
    const steps: Record<string, ImageScore> = {};
    for (const [step, kernels] of Object.entries(item.estimates)) {
      const runs: ImageScore[] = [];
      for (const kernel of kernels) runs.push(await score(kernel));
      steps[step] = meanScore(runs);
    }
    images.push({ steps, bicubic: protocol.score(upscaleBicubic(lr, scale), hr, scale), trueKernel });
  }
  const mean: ImageEvaluation = {
    steps: Object.fromEntries(
      Object.keys(images[0]?.steps ?? {}).map((step) => [
        step,
        meanScore(images.map((each) => each.steps[step])),
      ]),
    ),
    bicubic: meanScore(images.map(({ bicubic }) => bicubic)),
    trueKernel: meanScore(images.map(({ trueKernel }) => trueKernel)),
  };
  return { images, mean };
}

function meanScore(scores: readonly ImageScore[]): ImageScore {
  const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
  return { psnr: mean(scores.map(({ psnr }) => psnr)), ssim: mean(scores.map(({ ssim }) => ssim)) };
}
