import type { Engine } from "../../../engine/device/engine.js";
import { SpectralEstimator } from "../../../estimate/spectral/spectral-estimator.js";
import type { AdapterChoice } from "../../../node/device/adapters.js";
import { createEngine } from "../../../node/device/create-engine.js";
import type { PhotoTools } from "../../../pipeline/upscale-photo.js";
import { openEstimator } from "../../shared/methods/estimator.js";
import { openUpscaler } from "../../shared/methods/upscaler.js";
import type { UpscaleInputs } from "./inputs.js";

/** A device and everything loaded on it. */
export interface DeviceTools extends PhotoTools {
  readonly engine: Engine;
}

/**
 * Opens a device and loads the networks.
 * @throws {NoAdapterError} if no device is found.
 */
export async function openTools(
  { estimate, upscaler, noiseWeights }: UpscaleInputs,
  adapter: AdapterChoice | undefined,
): Promise<DeviceTools> {
  const engine = await createEngine({ adapter });
  try {
    return {
      engine,
      upscaler: await openUpscaler(engine, upscaler),
      ...(estimate && { estimator: await openEstimator(engine, estimate.estimator) }),
      ...(noiseWeights && { noiseReader: await SpectralEstimator.load(engine, noiseWeights.file) }),
    };
  } catch (error) {
    engine.dispose();
    throw error;
  }
}

/** Frees everything, and the device. */
export function closeTools({ engine, upscaler, estimator, noiseReader }: DeviceTools): void {
  for (const tool of [upscaler, estimator, noiseReader]) tool?.dispose();
  engine.dispose();
}
