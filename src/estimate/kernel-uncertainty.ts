import type { SpectralEstimate } from "./spectral/spectral-estimator.js";

/** What adaptations have on average, in square pixels: they do not know how wrong they are. */
const ERROR_OF_ADAPTATIONS = 2.4;

/**
 * What is likely to be wrong with an estimated kernel.
 * @param spectral what the image's spectrum says, if it was asked.
 * @param isSpectral whether the kernel is that of the spectrum, or held near it.
 */
export function expectedUncertainty(
  spectral: SpectralEstimate | undefined,
  isSpectral: boolean,
): { readonly error: number; readonly nonGaussianity: number } {
  return {
    error: spectral && isSpectral ? spectral.error : ERROR_OF_ADAPTATIONS,
    nonGaussianity: spectral?.nonGaussianity ?? 0,
  };
}
