import { EstimateError } from "../estimate/errors.js";
import type {
  EstimateOptions,
  KernelEstimate,
  KernelEstimator,
  KernelProgress,
} from "../estimate/kernel-estimator.js";
import type { SpectralEstimate } from "../estimate/spectral/spectral-estimator.js";
import type { Offset } from "../image/resize/bicubic.js";
import type { RgbImage } from "../image/rgb-image.js";
import { type Alignment, alignKernel } from "../kernel/align-kernel.js";
import type { BlurKernel } from "../kernel/blur-kernel.js";
import { KernelError } from "../kernel/errors.js";
import { kernelOffset } from "../kernel/kernel-offset.js";
import { CERTAIN, type KernelUncertainty } from "../kernel/kernel-uncertainty.js";
import { isLargeEnough } from "../model/spectral/windows.js";
import { automaticSigma, completeInputs } from "../upscale/sigma/automatic-sigma.js";
import type {
  PictureProgress,
  UpscaleFactor,
  UpscaleOptions,
  UpscalePlan,
  Upscaler,
} from "../upscale/upscaler.js";

/** Reads a photo's noise off its spectrum; a {@link SpectralEstimator} does. */
export type NoiseReader = KernelEstimator<SpectralEstimate>;

/** Loaded once and used for any number of photos; the caller disposes of them. */
export interface PhotoTools {
  readonly upscaler: Upscaler;
  /** Finds the kernel; not needed where the kernel is given. */
  readonly estimator?: KernelEstimator;
  /** Reads the noise for a sigma of "auto" where the estimator does not; without it, photos count as clean. */
  readonly noiseReader?: NoiseReader;
}

/** How far {@link upscalePhoto} has come. */
export type PhotoProgress = KernelProgress | PictureProgress;

/** A known kernel. */
export interface GivenKernel extends Pick<KernelEstimate, "noise"> {
  readonly kernel: BlurKernel;
  /** How wrong the kernel may be; it counts as true unless this is given. */
  readonly uncertainty?: Partial<KernelUncertainty>;
}

/** Options of {@link upscalePhoto}. */
export interface UpscalePhotoOptions
  extends Pick<EstimateOptions, "steps" | "seed" | "onSnapshot" | "snapshotEvery">,
    Pick<UpscaleOptions, "boundary" | "tile" | "signal" | "onPlan"> {
  /** Factor by which to enlarge; the estimator's default unless given. Kernels are estimated for ×2 and ×4 only. */
  readonly scale?: UpscaleFactor;
  /** A known kernel, instead of an estimate. */
  readonly given?: GivenKernel;
  /** Noise level to tell the upscaler, in 255ths; "auto" unless given, see {@link automaticSigma}. */
  readonly sigma?: number | "auto";
  /** Place of the picture; "photo" unless given, exactly over a plain enlargement. */
  readonly align?: Alignment;
  /** Called when the kernel and the sigma are known, before the picture is made. */
  readonly onKernel?: (found: FoundKernel) => void;
  readonly onProgress?: (progress: PhotoProgress) => void;
}

/** A kernel, and what the upscaler is told. */
export interface FoundKernel {
  readonly kernel: BlurKernel;
  /** The estimator's whole result; absent where the kernel was given. */
  readonly estimate?: KernelEstimate;
  /** Standard deviation of the photo's noise, in 255ths; absent if nothing measured it. */
  readonly noise?: number;
  readonly uncertainty: KernelUncertainty;
  /** Noise level told to the upscaler, in 255ths. */
  readonly sigma: number;
}

/** A photo made sharper and larger. */
export interface UpscaledPhoto extends FoundKernel {
  /** `scale` times the sides of the photo; values may lie slightly outside [0, 1]. */
  readonly picture: RgbImage;
  /** Position of the photo's first pixel on the picture's grid. */
  readonly offset: Offset;
  readonly plan: UpscalePlan;
  /** Time until the first step of the estimate, from there to the kernel and sigma, and from there to the picture. */
  readonly milliseconds: { readonly prepare: number; readonly kernel: number; readonly picture: number };
}

/**
 * Makes a photo sharper and larger: estimates the blur kernel, chooses sigma, and upscales with both. The spectrum is read
 * at most once.
 * @throws {ImageError} if the photo is too small for the estimator, or has no detail.
 * @throws {EstimateError} if the estimator cannot do what is asked, or if there is neither a kernel nor an estimator.
 * @throws {UpscaleError} if the upscaler cannot do what is asked.
 * @throws {NumericalError} if an adaptation diverges, or the picture is not finite.
 * @throws the signal's reason if it is aborted.
 */
export async function upscalePhoto(
  tools: PhotoTools,
  image: RgbImage,
  options: UpscalePhotoOptions = {},
): Promise<UpscaledPhoto> {
  const { boundary, tile, signal, onProgress, onKernel, onPlan } = options;
  const began = performance.now();
  let prepared = began;
  const found = await findKernel(tools, image, options, () => {
    prepared = performance.now();
  });
  signal?.throwIfAborted();
  onKernel?.(found);
  const kernelFound = performance.now();
  const { sigma, noise, uncertainty } = found;
  const scale = scaleOf(tools, options);
  const kernel = alignKernel(found.kernel, scale, options.align ?? "photo");
  const isAutomatic = (options.sigma ?? "auto") === "auto";
  let plan: UpscalePlan | undefined;
  const picture = await tools.upscaler.upscale(image, {
    kernel,
    scale,
    sigma,
    ...(isAutomatic ? { known: { noise, uncertainty } } : {}),
    boundary,
    tile,
    signal,
    onProgress,
    onPlan: (made) => {
      plan = made;
      onPlan?.(made);
    },
  });
  return {
    ...found,
    picture,
    offset: kernelOffset(kernel),
    plan: plan as UpscalePlan,
    milliseconds: {
      prepare: prepared - began,
      kernel: kernelFound - prepared,
      picture: performance.now() - kernelFound,
    },
  };
}

/** Estimates the kernel unless it is given, and chooses sigma. */
async function findKernel(
  tools: PhotoTools,
  image: RgbImage,
  options: UpscalePhotoOptions,
  onPrepared: () => void,
): Promise<FoundKernel> {
  const { given, sigma = "auto", signal } = options;
  const scale = scaleOf(tools, options);
  if (given && given.kernel.scale !== scale) {
    throw new KernelError(`The given kernel is for ×${given.kernel.scale}, not for ×${scale}.`);
  }
  const estimate = given ? undefined : await estimateKernel(tools, image, options, onPrepared);
  const { kernel, noise, uncertainty = given && CERTAIN } = given ?? (estimate as KernelEstimate);
  const needsSpectrum = sigma === "auto" && noise === undefined && isLargeEnough(image);
  const spectrum = needsSpectrum ? await tools.noiseReader?.estimate(image, { signal }) : undefined;
  const inputs = {
    noise: noise ?? spectrum?.noise,
    // An adaptation does not know how wrong it is; the spectrum knows at least whether the blur is a Gaussian.
    uncertainty: uncertainty ?? (spectrum && { nonGaussianity: spectrum.nonGaussianity }),
  };
  const { error, nonGaussianity } = completeInputs(inputs);
  return {
    kernel,
    ...(estimate ? { estimate } : {}),
    ...(inputs.noise === undefined ? {} : { noise: inputs.noise }),
    uncertainty: { error, nonGaussianity },
    sigma: sigma === "auto" ? automaticSigma(inputs) : sigma,
  };
}

async function estimateKernel(
  tools: PhotoTools,
  image: RgbImage,
  options: UpscalePhotoOptions,
  onPrepared: () => void,
): Promise<KernelEstimate> {
  const { estimator } = tools;
  const { steps, seed, signal, onSnapshot, snapshotEvery, onProgress } = options;
  const scale = scaleOf(tools, options);
  if (!estimator) throw new EstimateError("There is neither a kernel nor an estimator; give one of them.");
  if (scale !== 2 && scale !== 4) {
    throw new EstimateError(`A kernel can be estimated for ×2 and ×4 only; for ×${scale}, give the kernel.`);
  }
  return estimator.estimate(image, {
    scale,
    steps,
    seed,
    signal,
    onSnapshot,
    snapshotEvery,
    onProgress: (progress) => {
      if (progress.done === 0) onPrepared();
      onProgress?.(progress);
    },
  });
}

function scaleOf({ estimator }: PhotoTools, { scale, given }: UpscalePhotoOptions): UpscaleFactor {
  return scale ?? (given?.kernel.scale as UpscaleFactor | undefined) ?? estimator?.scales[0] ?? 2;
}
