import type { Engine } from "../../../engine/device/engine.js";
import { SpectralEstimator } from "../../../estimate/spectral/spectral-estimator.js";
import type { PhotoTools } from "../../../pipeline/upscale-photo.js";
import { openEstimator } from "../../shared/methods/estimator.js";
import { openUpscaler } from "../../shared/methods/upscaler.js";
import type { UpscaleInputs } from "./inputs.js";

/** Loads the networks on a device. */
export async function loadTools(
  engine: Engine,
  { estimate, upscaler, noiseWeights }: UpscaleInputs,
): Promise<PhotoTools> {
  return {
    upscaler: await openUpscaler(engine, upscaler),
    ...(estimate && { estimator: await openEstimator(engine, estimate.estimator) }),
    ...(noiseWeights && { noiseReader: await SpectralEstimator.load(engine, noiseWeights.file) }),
  };
}
