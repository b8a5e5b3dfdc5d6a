import type { SpectralEstimate } from "../spectrum/spectral-estimator.js";
import type { EstimationMethodName } from "./estimation-methods.js";

/** What adaptations have on average, in square pixels: they do not know how wrong they are. */
const OF_ADAPTATIONS = 2.4;

/** K-COV that a method's kernel is likely to have, in square pixels. */
export function likelyError(method: EstimationMethodName, spectral?: SpectralEstimate): number {
  const knows = method === "spectral" || method === "hybrid";
  return knows && spectral ? spectral.error : OF_ADAPTATIONS;
}
