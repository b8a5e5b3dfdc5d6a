import type { SpectralEstimate } from "../spectrum/spectral-estimator.js";
import type { Faults } from "./automatic-sigma.js";

/** What adaptations have on average, in square pixels: they do not know how wrong they are. */
const ERROR_OF_ADAPTATIONS = 2.4;

/**
 * What is likely to be wrong with an estimated kernel.
 * @param spectral what the image's spectrum says, if it was asked.
 * @param isSpectral whether the kernel is that of the spectrum, or held near it.
 */
export function likelyFaults(spectral: SpectralEstimate | undefined, isSpectral: boolean): Faults {
  return {
    error: spectral && isSpectral ? spectral.error : ERROR_OF_ADAPTATIONS,
    departure: spectral?.departure ?? 0,
  };
}
