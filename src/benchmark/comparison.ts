import { EstimateError } from "../estimate/errors.js";
import type { KernelEstimator } from "../estimate/kernel-estimator.js";
import type { MethodName } from "../estimate/methods/methods.js";
import type { SpectralEstimate } from "../estimate/spectral/spectral-estimator.js";
import type { ImageScore } from "../image/metrics/image-metrics.js";
import { mean } from "../image/metrics/mean.js";
import { upscaleBicubic } from "../image/resize/bicubic.js";
import type { RgbImage } from "../image/rgb-image.js";
import type { BlurKernel } from "../kernel/blur-kernel.js";
import { gaussianKernel } from "../kernel/families/gaussian-kernel.js";
import { ROUND_GAUSSIAN_VARIANCE } from "../kernel/families/kernel-distribution.js";
import { x4Kernel } from "../kernel/families/x4-kernel.js";
import type { KernelUncertainty } from "../kernel/kernel-uncertainty.js";
import { type KernelScore, kernelScore } from "../kernel/metrics/kernel-score.js";
import { type GivenKernel, type NoiseReader, upscalePhoto } from "../pipeline/upscale-photo.js";
import type { Upscaler } from "../upscale/upscaler.js";
import type { Compared } from "./compared.js";
import type { Protocol } from "./protocol.js";

/** An image on which methods are compared. */
export interface ComparisonItem {
  readonly name: string;
  /** Reads or makes the images and the kernel when their turn comes. */
  readonly open: () => Promise<{
    readonly lr: RgbImage;
    readonly hr: RgbImage;
    readonly kernel: BlurKernel<"correlation">;
  }>;
}

/** What compares; the caller disposes of it. */
export interface ComparisonTools {
  readonly upscaler: Upscaler;
  readonly spectral: NoiseReader;
  /** Estimators of the compared methods; "spectral" needs none here. */
  readonly estimators: ReadonlyMap<MethodName, KernelEstimator>;
}

/** Options of {@link compareMethods}. */
export interface ComparisonOptions {
  readonly scale: 2 | 4;
  readonly methods: readonly Compared[];
  readonly sigma: number | "auto";
  readonly protocol: Protocol;
  readonly signal?: AbortSignal;
  /** Called after each image. */
  readonly onImage?: () => void;
}

/** How one method did on one image. */
export interface ComparedScore extends KernelScore, ImageScore, KernelUncertainty {
  readonly name: string;
  /** Noise level told to the upscaler, in 255ths. */
  readonly sigma: number;
  /** Noise that the image's spectrum shows, in 255ths. */
  readonly noise: number;
}

/** The result of a comparison; plain data. */
export interface Comparison {
  /** Mean PSNR of the images enlarged without a kernel, in dB. */
  readonly bicubic: number;
  /** Scores of each image, by method. */
  readonly scores: Readonly<Partial<Record<Compared, readonly ComparedScore[]>>>;
}

/**
 * Estimates the kernels of images by several methods, upscales with each, and scores kernels and images. The spectrum of an
 * image is read once.
 * @throws {EstimateError} if the estimator of a method is missing.
 * @throws the signal's reason if it is aborted.
 */
export async function compareMethods(
  items: readonly ComparisonItem[],
  { upscaler, spectral, estimators }: ComparisonTools,
  { scale, methods, sigma, protocol, signal, onImage }: ComparisonOptions,
): Promise<Comparison> {
  const scores = new Map(methods.map((method): [Compared, ComparedScore[]] => [method, []]));
  const bicubic: number[] = [];
  for (const { name, open } of items) {
    const { lr, hr, kernel: truth } = await open();
    const spectrum = await spectral.estimate(lr, { signal });
    bicubic.push(protocol.score(upscaleBicubic(lr, scale), hr, scale).psnr);
    for (const [method, ofMethod] of scores) {
      const given = await kernelOf(method, lr, { truth, spectrum, estimators, scale, signal });
      const {
        picture,
        uncertainty,
        sigma: told,
      } = await upscalePhoto({ upscaler }, lr, {
        given,
        scale,
        sigma,
        // The true kernel lies where the protocol wants it.
        align: method === "true" ? "paper" : protocol.align,
        boundary: protocol.boundary,
        signal,
      });
      ofMethod.push({
        name,
        ...kernelScore(given.kernel, truth, protocol.align === "photo"),
        sigma: told,
        noise: spectrum.noise,
        ...uncertainty,
        ...protocol.score(picture, hr, scale),
      });
      signal?.throwIfAborted();
    }
    onImage?.();
  }
  return { bicubic: mean(bicubic), scores: Object.fromEntries(scores) };
}

interface KernelContext {
  readonly truth: BlurKernel<"correlation">;
  readonly spectrum: SpectralEstimate;
  readonly estimators: ReadonlyMap<MethodName, KernelEstimator>;
  readonly scale: 2 | 4;
  readonly signal?: AbortSignal;
}

/** A method's kernel for an image, with the image's noise. */
async function kernelOf(
  method: Compared,
  image: RgbImage,
  { truth, spectrum, estimators, scale, signal }: KernelContext,
): Promise<GivenKernel & { readonly kernel: BlurKernel<"correlation"> }> {
  const { noise } = spectrum;
  if (method === "true") return { kernel: truth, noise };
  if (method === "spectral") return spectrum;
  const uncertainty = { nonGaussianity: spectrum.nonGaussianity };
  if (method === "gaussian") return { kernel: roundGaussian(scale), noise, uncertainty };
  const estimator = estimators.get(method);
  if (!estimator) throw new EstimateError(`The comparison has no estimator of the method ${method}.`);
  const { kernel } = await estimator.estimate(image, { scale, signal });
  return { kernel, noise, uncertainty };
}

/** The kernel that is the same for all images. */
function roundGaussian(scale: 2 | 4): BlurKernel<"correlation"> {
  const x2 = gaussianKernel({
    lambda1: ROUND_GAUSSIAN_VARIANCE,
    lambda2: ROUND_GAUSSIAN_VARIANCE,
    theta: 0,
  });
  return scale === 2 ? x2 : x4Kernel(x2);
}
