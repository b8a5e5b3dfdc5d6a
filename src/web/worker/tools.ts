import type { Engine } from "../../engine/device/engine.js";
import { freeOnFailure } from "../../engine/disposal.js";
import { MetaKernelGAN } from "../../estimate/metakernelgan/metakernelgan.js";
import { SpectralEstimator } from "../../estimate/spectral/spectral-estimator.js";
import type { RgbImage } from "../../image/rgb-image.js";
import { isLargeEnough, WINDOW } from "../../model/spectral/windows.js";
import type { PhotoTools } from "../../pipeline/upscale-photo.js";
import { FourierUpscaler } from "../../upscale/fourier/fourier-upscaler.js";
import { UsrNet } from "../../upscale/usrnet/usrnet.js";
import type { RunSettings, UsedWeights } from "../shared/protocol.js";
import type { PageWeights } from "./weights.js";

/** Why an image's spectrum cannot be read; undefined if it can. */
export function spectrumProblem(image: RgbImage): string | undefined {
  if (isLargeEnough(image)) return undefined;
  const size = `${image.width}×${image.height}`;
  return `${size} pixels are too few for the spectrum, which takes at least ${WINDOW}×${WINDOW}. Choose the adaptation, or a larger part of the photo.`;
}

/** Loads what a run needs on a device; the caller disposes of it. */
export function openTools(
  engine: Engine,
  { scale, method, model, sigma }: RunSettings,
  { init, spectral, usrnet }: PageWeights,
): Promise<PhotoTools> {
  return freeOnFailure(async (own) => {
    if (model === "usrnet" && !usrnet) throw new Error("no weights of USRNet are beside the page");
    const upscaler = own(
      model === "usrnet" && usrnet ? await UsrNet.load(engine, usrnet.file) : new FourierUpscaler(engine),
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
  { init, spectral, usrnet }: PageWeights,
): UsedWeights {
  const readsSpectrum = method === "spectral" || (sigma === "auto" && isLargeEnough(image));
  return {
    ...(method === "meta" ? { init: init.sha256 } : {}),
    ...(readsSpectrum ? { spectral: spectral[scale].sha256 } : {}),
    ...(model === "usrnet" && usrnet ? { usrnet: usrnet.sha256 } : {}),
  };
}
