import type { Engine } from "../../engine/device/engine.js";
import { freeOnFailure } from "../../engine/disposal.js";
import { MetaKernelGAN } from "../../estimate/metakernelgan/metakernelgan.js";
import { SpectralEstimator } from "../../estimate/spectral/spectral-estimator.js";
import type { RgbImage } from "../../image/rgb-image.js";
import { isLargeEnough } from "../../model/spectral/windows.js";
import type { PhotoTools } from "../../pipeline/upscale-photo.js";
import { FourierUpscaler } from "../../upscale/fourier/fourier-upscaler.js";
import { GuidedUpscaler } from "../../upscale/guided/guided-upscaler.js";
import type { RunSettings } from "../shared/protocol.js";
import type { UsedWeights } from "../shared/run-file.js";
import type { PageWeights } from "./weights.js";

/** Loads what a run needs on a device; the caller disposes of it. */
export function openTools(
  engine: Engine,
  { scale, method, model, sigma }: RunSettings,
  { init, spectral, small }: PageWeights,
): Promise<PhotoTools> {
  return freeOnFailure(async (own) => {
    const upscaler = own(
      model === "small" ? await GuidedUpscaler.load(engine, small[scale].file) : new FourierUpscaler(engine),
    );
    const spectrum = () => SpectralEstimator.load(engine, spectral[scale].file);
    if (method === "spectral") return { upscaler, estimator: await spectrum() };
    const estimator = await MetaKernelGAN.load(engine, init.file);
    return { upscaler, estimator, ...(sigma === "auto" ? { noiseReader: await spectrum() } : {}) };
  });
}

/** Frees the memory that the tools hold. */
export function closeTools({ upscaler, estimator, noiseReader }: PhotoTools): void {
  for (const tool of [upscaler, estimator, noiseReader]) tool?.dispose();
}

/** The hashes of a run's weights. */
export function usedWeights(
  { scale, method, model, sigma }: RunSettings,
  image: RgbImage,
  { init, spectral, small }: PageWeights,
): UsedWeights {
  const readsSpectrum = method === "spectral" || (sigma === "auto" && isLargeEnough(image));
  return {
    ...(method === "meta" ? { init: init.sha256 } : {}),
    ...(readsSpectrum ? { spectral: spectral[scale].sha256 } : {}),
    ...(model === "small" ? { small: small[scale].sha256 } : {}),
  };
}
