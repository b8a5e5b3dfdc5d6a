import type { Engine } from "../engine/engine.js";
import type { BlurKernel } from "../model/blur-kernel.js";
import { gaussianKernel } from "../model/degradation/gaussian-kernel.js";
import { x4Kernel } from "../model/degradation/x4-kernel.js";
import type { RgbImage } from "../model/image.js";
import type { SpectralEstimate } from "../spectrum/spectral-estimator.js";
import type { KernelEstimator } from "../train/evaluation.js";
import { FAULTLESS, type Faults } from "../upscale/automatic-sigma.js";
import { likelyFaults } from "../upscale/likely-faults.js";
import { type EstimationMethodName, STEPS } from "./estimation-methods.js";
import { readEstimator } from "./estimator.js";

/** What is compared: methods, and what needs none. */
export const COMPARED = ["gaussian", "meta", "hybrid", "spectral", "true"] as const;

export type Compared = (typeof COMPARED)[number];

/** What a row is called. */
export const COMPARED_TITLES: Readonly<Record<Compared, string>> = {
  gaussian: "one round Gaussian",
  meta: "meta",
  hybrid: "hybrid",
  spectral: "spectral",
  true: "true kernel",
};

/** Variance on both axes of the Gaussian that is the same for all images: about the mean of the paper's. */
const MEAN_VARIANCE = 2.6;

/** What one way says of an image. */
export interface ComparedKernel {
  readonly kernel: BlurKernel<"correlation">;
  /** What is likely to be wrong with it. */
  readonly faults: Faults;
}

/** A way to a kernel, ready on a device. */
export type KernelWay = (
  image: RgbImage,
  truth: BlurKernel<"correlation">,
  spectral: SpectralEstimate,
  signal: AbortSignal,
) => Promise<ComparedKernel>;

/**
 * Makes a way ready.
 * @throws {InputError} if its weights cannot be read.
 */
export async function openWay(name: Compared, engine: Engine, scale: 2 | 4): Promise<KernelWay> {
  if (name === "true") return async (_, kernel) => ({ kernel, faults: FAULTLESS });
  if (name === "spectral")
    return async (_image, _truth, spectral) => ({
      kernel: spectral.kernel,
      faults: likelyFaults(spectral, true),
    });
  if (name === "gaussian") {
    const x2 = gaussianKernel({ lambda1: MEAN_VARIANCE, lambda2: MEAN_VARIANCE, theta: 0 });
    const kernel = scale === 2 ? x2 : x4Kernel(x2);
    return async (_image, _truth, spectral) => ({ kernel, faults: likelyFaults(spectral, false) });
  }
  const model = await (await readEstimator({ method: name, scale })).create(engine);
  return async (image, _, spectral, signal) => ({
    kernel: await adapted(model, name, image, scale, signal),
    faults: likelyFaults(spectral, name === "hybrid"),
  });
}

async function adapted(
  model: KernelEstimator,
  method: EstimationMethodName,
  image: RgbImage,
  scale: 2 | 4,
  signal: AbortSignal,
): Promise<BlurKernel<"correlation">> {
  return (await model.estimate(image, { scale, steps: STEPS[method], seed: 0, signal })).kernel;
}
