import type { Engine } from "../../engine/engine.js";
import { expectedUncertainty } from "../../estimate/kernel-uncertainty.js";
import { MetaKernelGAN } from "../../estimate/metakernelgan/metakernelgan.js";
import { type SpectralEstimate, SpectralEstimator } from "../../estimate/spectral/spectral-estimator.js";
import { assertHasDetail } from "../../image/patches/assert-has-detail.js";
import type { RgbImage } from "../../image/rgb-image.js";
import type { BlurKernel } from "../../kernel/blur-kernel.js";
import { WINDOW } from "../../model/spectral/windows.js";
import { automaticSigma } from "../../upscale/sigma/automatic-sigma.js";
import type { WeightFile } from "../../weights/weight-file.js";
import type { Reading, RunSettings, UsedWeights } from "../protocol.js";
import type { Tell } from "./tell.js";
import type { PageWeights } from "./weights.js";

/** A submission takes so many steps, and more pictures of the kernel than this in a run nobody could see. */
const STEPS_PER_SUBMISSION = 5;
const MAX_SNAPSHOTS = 40;

/** What was found out of an image before it is upscaled. */
export interface Finding {
  readonly kernel: BlurKernel<"correlation">;
  readonly reading: Reading;
  readonly weights: UsedWeights;
}

/** Why an image's spectrum cannot be read; undefined if it can. */
export function spectrumProblem({ width, height }: RgbImage): string | undefined {
  if (Math.min(width, height) >= WINDOW) return undefined;
  return `${width}×${height} pixels are too few for the spectrum, which takes at least ${WINDOW}×${WINDOW}. Choose the adaptation, or a larger part of the photo.`;
}

/**
 * Estimates the kernel of an image, and what the upscaler is to know of its noise.
 * @param onStart called when all is prepared.
 * @throws {ImageError} if the image is too small for the method, or has no detail.
 */
export async function findBlur(
  engine: Engine,
  image: RgbImage,
  settings: RunSettings,
  { start, spectral }: PageWeights,
  { id, signal, tell, onStart }: { id: number; signal: AbortSignal; tell: Tell; onStart: () => void },
): Promise<Finding> {
  const { scale, method, steps, seed, sigma } = settings;
  assertHasDetail(image);
  const isSpectral = method === "spectral";
  const needsSpectrum = isSpectral || (sigma === "auto" && spectrumProblem(image) === undefined);
  const spectrum = needsSpectrum
    ? await readSpectrum(engine, image, spectral[scale].file, isSpectral ? onStart : undefined)
    : undefined;
  signal.throwIfAborted();
  const { kernel } =
    isSpectral && spectrum
      ? spectrum
      : await MetaKernelGAN.load(engine, start.file).estimate(image, {
          scale,
          steps,
          seed,
          signal,
          snapshotEvery: Math.max(STEPS_PER_SUBMISSION, steps / MAX_SNAPSHOTS),
          onStart,
          onProgress: (step) => tell({ type: "step", id, step }),
          onSnapshot: (snapshot) => tell({ type: "snapshot", id, ...snapshot }),
        });
  // An image that is too small for its spectrum is taken for clean.
  const uncertainty = { noise: spectrum?.noise ?? 0, ...expectedUncertainty(spectrum, isSpectral) };
  return {
    kernel,
    reading: {
      noise: spectrum?.noise,
      error: isSpectral ? spectrum?.error : undefined,
      sigma: sigma === "auto" ? automaticSigma(uncertainty) : sigma,
    },
    weights: {
      ...(isSpectral ? {} : { start: start.sha256 }),
      ...(spectrum ? { spectral: spectral[scale].sha256 } : {}),
    },
  };
}

async function readSpectrum(
  engine: Engine,
  image: RgbImage,
  weights: WeightFile,
  onStart?: () => void,
): Promise<SpectralEstimate> {
  const estimator = await SpectralEstimator.load(engine, weights);
  try {
    onStart?.();
    return await estimator.estimate(image);
  } finally {
    estimator.dispose();
  }
}
