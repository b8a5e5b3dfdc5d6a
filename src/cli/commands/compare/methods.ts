import type { KernelEstimator } from "../../../benchmark/kernel-evaluation.js";
import type { Engine } from "../../../engine/engine.js";
import { expectedUncertainty } from "../../../estimate/kernel-uncertainty.js";
import type { SpectralEstimate } from "../../../estimate/spectral/spectral-estimator.js";
import type { RgbImage } from "../../../image/rgb-image.js";
import type { BlurKernel } from "../../../kernel/blur-kernel.js";
import { gaussianKernel } from "../../../kernel/families/gaussian-kernel.js";
import { ROUND_GAUSSIAN_VARIANCE } from "../../../kernel/families/kernel-distribution.js";
import { x4Kernel } from "../../../kernel/families/x4-kernel.js";
import { CERTAIN, type KernelUncertainty } from "../../../upscale/sigma/automatic-sigma.js";
import { type EstimationMethodName, STEPS } from "../../shared/methods/estimation-methods.js";
import { readEstimator } from "../../shared/methods/estimator.js";

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

/** What one way says of an image. */
export interface ComparedKernel {
  readonly kernel: BlurKernel<"correlation">;
  /** What is likely to be wrong with it. */
  readonly faults: KernelUncertainty;
}

/** A way to a kernel, ready on a device. */
export type ComparedMethod = (
  image: RgbImage,
  truth: BlurKernel<"correlation">,
  spectral: SpectralEstimate,
  signal: AbortSignal,
) => Promise<ComparedKernel>;

/**
 * Makes a way ready.
 * @throws {InputError} if its weights cannot be read.
 */
export async function prepareMethod(name: Compared, engine: Engine, scale: 2 | 4): Promise<ComparedMethod> {
  if (name === "true") return async (_, kernel) => ({ kernel, faults: CERTAIN });
  if (name === "spectral")
    return async (_image, _truth, spectral) => ({
      kernel: spectral.kernel,
      faults: expectedUncertainty(spectral, true),
    });
  if (name === "gaussian") {
    const x2 = gaussianKernel({
      lambda1: ROUND_GAUSSIAN_VARIANCE,
      lambda2: ROUND_GAUSSIAN_VARIANCE,
      theta: 0,
    });
    const kernel = scale === 2 ? x2 : x4Kernel(x2);
    return async (_image, _truth, spectral) => ({ kernel, faults: expectedUncertainty(spectral, false) });
  }
  const model = await (await readEstimator({ method: name, scale })).create(engine);
  return async (image, _, spectral, signal) => ({
    kernel: await adapted(model, name, image, scale, signal),
    faults: expectedUncertainty(spectral, name === "hybrid"),
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
