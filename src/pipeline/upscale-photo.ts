import { abortable } from "../engine/abortable.js";
import { EstimateError } from "../estimate/errors.js";
import type {
  EstimateOptions,
  KernelEstimate,
  KernelEstimator,
  KernelProgress,
} from "../estimate/kernel-estimator.js";
import type { SpectralEstimate } from "../estimate/spectral/spectral-estimator.js";
import { MAX_VALUE } from "../image/assert-rgb-image.js";
import { wrapAround } from "../image/circular/wrap-around.js";
import { cropImage } from "../image/crop-image.js";
import { brightLevel, multiplied } from "../image/light/levels.js";
import { spreadColors } from "../image/light/spread-colors.js";
import { isFlat } from "../image/patches/assert-has-detail.js";
import { MIN_IMAGE_SIDE } from "../image/patches/pad-circular.js";
import { type Offset, upscalePlanes } from "../image/resize/bicubic.js";
import type { RgbImage } from "../image/rgb-image.js";
import { type Alignment, alignKernel } from "../kernel/align-kernel.js";
import type { BlurKernel } from "../kernel/blur-kernel.js";
import { KernelError } from "../kernel/errors.js";
import { rescaledKernel } from "../kernel/families/rescaled-kernel.js";
import { kernelOffset } from "../kernel/kernel-offset.js";
import { CERTAIN, type KernelUncertainty } from "../kernel/kernel-uncertainty.js";
import { normalizeKernel } from "../kernel/normalize-kernel.js";
import { countWindows } from "../model/spectral/usable-windows.js";
import type { PhotoKind } from "../model/spectral/whole-reading.js";
import { isLargeEnough } from "../model/spectral/windows.js";
import { automaticSigma, completeInputs } from "../upscale/sigma/automatic-sigma.js";
import { MAX_SIGMA } from "../upscale/sigma/max-sigma.js";
import { isLong } from "../upscale/tiles/fit-border.js";
import { assertUpscalable } from "../upscale/tiles/limits.js";
import type {
  PictureProgress,
  UpscaleFactor,
  UpscaleOptions,
  UpscalePlan,
  Upscaler,
} from "../upscale/upscaler.js";
import { defaultKernel } from "./default-kernel.js";
import { atMost, withHighlights } from "./highlights.js";
import { possibleEstimate } from "./possible-blur.js";
import { isSharpDrawing } from "./sharp-drawing.js";

/** Reads a photo's noise off its spectrum; a {@link SpectralEstimator} does. */
export type NoiseReader = KernelEstimator<SpectralEstimate>;

/** A blur that fewer windows show, as in a sprite, would be that of their colors. */
const MIN_OPAQUE_WINDOWS = 16;

/** Pixels of the opposite side that an upscaler sees beyond a circular border: a multiple of what a network's halvings need. */
const CIRCULAR_MARGIN = 48;

/**
 * The least automatic sigma where a given kernel is undone without enlarging, in 255ths: zeros of its spectrum amplify rounding and
 * what the border hides. Chosen on training photos with motion and disks.
 */
const MIN_DEBLURRING_SIGMA = 1;

/**
 * The same where the kernel is estimated, for each unit of its likely error, and at most. Nothing is lost by doubt there: the photo
 * itself has all of its pixels. Chosen on training photos with motion, disks and Gaussians, so that hardly one gets worse.
 */
const SIGMA_PER_DOUBT = 5;
const MAX_DOUBT_SIGMA = 12;

/** A drawing's even areas have no noise; its sharp edges leave the variance of its blur no more freedom than this. */
const DRAWN: Omit<GivenKernel, "kernel"> = { noise: 0, uncertainty: { error: 1 } };

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

/** A known kernel; it is divided by its sum, unless the picture is aligned as in the paper. */
export interface GivenKernel extends Pick<KernelEstimate, "noise"> {
  readonly kernel: BlurKernel;
  /** How wrong the kernel may be; it counts as true unless this is given. */
  readonly uncertainty?: Partial<KernelUncertainty>;
}

/** Options of {@link upscalePhoto}. */
export interface UpscalePhotoOptions
  extends Pick<EstimateOptions, "steps" | "seed" | "onSnapshot" | "snapshotEvery">,
    Pick<UpscaleOptions, "boundary" | "tile" | "signal" | "onPlan"> {
  /** Factor by which to enlarge; the estimator's default unless given. For ×1 and ×3, a kernel is estimated at ×2 and brought to their grid. */
  readonly scale?: UpscaleFactor;
  /** A known kernel, instead of an estimate. */
  readonly given?: GivenKernel;
  /** Noise level to tell the upscaler, in 255ths; "auto" unless given, see {@link automaticSigma}. */
  readonly sigma?: number | "auto";
  /** Place of the picture; "photo" unless given, exactly over a plain enlargement. */
  readonly align?: Alignment;
  /** `height · width` values in [0, 1], 0 where the photo is transparent; opaque unless given. */
  readonly alpha?: Float32Array;
  /** Called when the kernel and the sigma are known, before the picture is made. */
  readonly onKernel?: (found: FoundKernel) => void;
  readonly onProgress?: (progress: PhotoProgress) => void;
}

/** A kernel, and what the upscaler is told. */
export interface FoundKernel {
  readonly kernel: BlurKernel;
  /** The estimator's whole result; absent where the kernel was given. */
  readonly estimate?: KernelEstimate;
  /**
   * Why {@link defaultKernel} stands for an estimate, if it does: the photo is too small for one, too little of it is opaque, it has
   * one color throughout, or it is a sharp drawing, which has no noise either.
   */
  readonly assumed?: "small" | "transparent" | "flat" | "drawn";
  /** Standard deviation of the photo's noise, in 255ths; absent if nothing measured it. */
  readonly noise?: number;
  readonly uncertainty: KernelUncertainty;
  /** What kind of picture the photo is; absent if nothing read it. */
  readonly photo?: PhotoKind;
  /** Noise level told to the upscaler, in 255ths. */
  readonly sigma: number;
}

/** A photo made sharper and larger. */
export interface UpscaledPhoto extends FoundKernel {
  /** `scale` times the sides of the photo; values may lie slightly outside [0, 1]. */
  readonly picture: RgbImage;
  /** Position of the photo's first pixel on the picture's grid. */
  readonly offset: Offset;
  /** The enlarged transparency, `height · width` values; absent if the photo is opaque. */
  readonly alpha?: Float32Array;
  readonly plan: UpscalePlan;
  /** Time until the first step of the estimate, from there to the kernel and sigma, and from there to the picture. */
  readonly milliseconds: { readonly prepare: number; readonly kernel: number; readonly picture: number };
}

/**
 * Makes a photo sharper and larger: estimates the blur kernel, chooses sigma, and upscales with both. The spectrum is read
 * at most once. Scaling the photo's values scales those of the picture, unless it is aligned as in the paper. Colors of
 * transparent pixels count for nothing.
 * @throws {ImageError} if the photo has no pixels, or values that are not finite.
 * @throws {EstimateError} if the estimator cannot do what is asked, or if there is neither a kernel nor an estimator.
 * @throws {UpscaleError} if the upscaler cannot do what is asked.
 * @throws {NumericalError} if an adaptation diverges, or the picture is not finite.
 * @throws the signal's reason if it is aborted.
 */
export async function upscalePhoto(
  tools: PhotoTools,
  photo: RgbImage,
  options: UpscalePhotoOptions = {},
): Promise<UpscaledPhoto> {
  const { alpha, align = "photo", boundary, tile, signal, onProgress, onKernel, onPlan } = options;
  const began = performance.now();
  let prepared = began;
  const scale = scaleOf(tools, options);
  // Before any work; what is not an image is refused by the estimate.
  if (photo) assertUpscalable(photo, scale);
  // Time for a page's events, such as a click that aborts: for a photo of a camera, what comes between takes some tenths of a second.
  const pause = (): Promise<void> => abortable(new Promise((over) => setTimeout(over)), signal);
  const image = alpha ? spreadColors(photo, alpha) : photo;
  // The benchmarks take values as they are.
  const level = align === "paper" ? 1 : brightLevel(image);
  await pause();
  const found = await findKernel(tools, image, level, options, () => {
    prepared = performance.now();
  });
  await pause();
  onKernel?.(found);
  const kernelFound = performance.now();
  const { sigma, noise, uncertainty, photo: kind } = found;
  // The benchmarks' kernels darken as they say.
  const kernel = align === "paper" ? found.kernel : alignKernel(normalizeKernel(found.kernel), scale, align);
  const isAutomatic = (options.sigma ?? "auto") === "auto";
  const size = { width: photo.width * scale, height: photo.height * scale };
  let plan: UpscalePlan | undefined;
  const offset = kernelOffset(kernel);
  // A network's convolutions know no circle, and see the image go on instead.
  const margin = boundary === "circular" && align === "photo" ? CIRCULAR_MARGIN : 0;
  const usual = await tools.upscaler.upscale(
    // What is brighter, such as a star, is enlarged plainly: no upscaler has seen the like.
    atMost(multiplied(margin > 0 ? wrapAround(image, margin) : image, 1 / level), MAX_VALUE),
    {
      kernel,
      scale,
      sigma: Math.min(sigma / level, MAX_SIGMA),
      ...(isAutomatic
        ? {
            known: {
              noise: noise && noise / level,
              uncertainty,
              photo: kind && { ...kind, brightnessNoise: kind.brightnessNoise / level },
            },
          }
        : {}),
      boundary: margin > 0 ? "natural" : boundary,
      fitBorder:
        align === "photo" && margin === 0 && (scale > 1 ? isLong(kernel) : options.given !== undefined),
      range: align === "paper" ? undefined : [0, Math.max(1, 1 / level)],
      tile,
      signal,
      onProgress,
      onPlan: (made) => {
        plan = { ...made, ...size };
        onPlan?.(plan);
      },
    },
  );
  await pause();
  const inner = { left: margin * scale, top: margin * scale, ...size };
  const enlarged = multiplied(margin > 0 ? cropImage(usual, inner) : usual, level);
  const picture = withHighlights(enlarged, image, MAX_VALUE * level, offset);
  await pause();
  return {
    ...found,
    picture,
    offset,
    ...(alpha ? { alpha: upscalePlanes(alpha, photo, scale, offset) } : {}),
    plan: plan as UpscalePlan,
    milliseconds: {
      prepare: prepared - began,
      kernel: kernelFound - prepared,
      picture: performance.now() - kernelFound,
    },
  };
}

/**
 * Estimates the kernel unless it is given or has a default, and chooses sigma.
 * @param level the value that is 1 in the usual range.
 */
async function findKernel(
  tools: PhotoTools,
  image: RgbImage,
  level: number,
  options: UpscalePhotoOptions,
  onPrepared: () => void,
): Promise<FoundKernel> {
  const { given, alpha, sigma = "auto", signal } = options;
  const scale = scaleOf(tools, options);
  if (given && given.kernel.scale !== scale) {
    throw new KernelError(`The given kernel is for ×${given.kernel.scale}, not for ×${scale}.`);
  }
  const usual = multiplied(image, 1 / level);
  const assumed = given ? undefined : reasonForDefault(tools, usual, alpha);
  const estimate =
    given || assumed ? undefined : await estimateKernel(tools, image, usual, options, onPrepared);
  const known: GivenKernel = given ??
    estimate ?? { kernel: defaultKernel(scale), ...(assumed === "drawn" ? DRAWN : {}) };
  const { kernel, noise, uncertainty = given && CERTAIN } = known;
  const needsSpectrum = sigma === "auto" && noise === undefined && isLargeEnough(image) && !isFlat(image);
  const spectrum = needsSpectrum ? await tools.noiseReader?.estimate(image, { alpha, signal }) : undefined;
  const inputs = {
    noise: noise ?? spectrum?.noise,
    // An adaptation does not know how wrong it is; the spectrum knows at least whether the blur is a Gaussian.
    uncertainty: uncertainty ?? (spectrum && { nonGaussianity: spectrum.nonGaussianity }),
  };
  const { error, nonGaussianity } = completeInputs(inputs);
  const photo = (estimate as Partial<SpectralEstimate> | undefined)?.photo ?? spectrum?.photo;
  const doubt = given ? MIN_DEBLURRING_SIGMA : Math.min(SIGMA_PER_DOUBT * error, MAX_DOUBT_SIGMA);
  const least = scale === 1 ? doubt : 0;
  return {
    kernel,
    ...(estimate ? { estimate } : {}),
    ...(assumed ? { assumed } : {}),
    ...(inputs.noise === undefined ? {} : { noise: inputs.noise }),
    uncertainty: { error, nonGaussianity },
    ...(photo ? { photo } : {}),
    sigma:
      sigma === "auto"
        ? level * Math.max(automaticSigma({ ...inputs, noise: inputs.noise && inputs.noise / level }), least)
        : sigma,
  };
}

/** Why nothing can be estimated of an image of the usual range; undefined if it can. */
function reasonForDefault(
  { estimator }: PhotoTools,
  image: RgbImage,
  alpha: Float32Array | undefined,
): FoundKernel["assumed"] {
  if (isFlat(image)) return "flat";
  const isSpectral = estimator?.method === "spectral";
  const isWide = isLargeEnough(image);
  if (isSpectral ? !isWide : Math.min(image.width, image.height) < MIN_IMAGE_SIDE) return "small";
  if (
    isWide &&
    alpha?.includes(0) &&
    countWindows(image, 0, (pixel) => alpha[pixel] === 0) < MIN_OPAQUE_WINDOWS
  ) {
    return "transparent";
  }
  return isSpectral && isSharpDrawing(image, alpha) ? "drawn" : undefined;
}

/** @param usual the image in its usual range. */
async function estimateKernel(
  tools: PhotoTools,
  image: RgbImage,
  usual: RgbImage,
  options: UpscalePhotoOptions,
  onPrepared: () => void,
): Promise<KernelEstimate> {
  const { estimator } = tools;
  const wanted = scaleOf(tools, options);
  const scale = wanted === 4 ? 4 : 2;
  if (!estimator) throw new EstimateError("There is neither a kernel nor an estimator; give one of them.");
  const read = await estimator.estimate(image, {
    ...options,
    scale,
    onProgress: (progress) => {
      if (progress.done === 0) onPrepared();
      options.onProgress?.(progress);
    },
  });
  const estimate = possibleEstimate(read, usual, options.alpha);
  if (wanted === 1 || wanted === 3) return { ...estimate, kernel: rescaledKernel(estimate.kernel, wanted) };
  return estimate;
}

function scaleOf({ estimator }: PhotoTools, { scale, given }: UpscalePhotoOptions): UpscaleFactor {
  return scale ?? (given?.kernel.scale as UpscaleFactor | undefined) ?? estimator?.scales[0] ?? 2;
}
