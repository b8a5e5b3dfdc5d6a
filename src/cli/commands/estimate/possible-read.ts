import type { KernelEstimate } from "../../../estimate/kernel-estimator.js";
import type { SpectralEstimate } from "../../../estimate/spectral/spectral-estimator.js";
import { brightLevel, multiplied } from "../../../image/light/levels.js";
import { kernelCovariance, scaledCovariance } from "../../../kernel/metrics/kernel-metrics.js";
import type { DecodedImage } from "../../../node/image-io/read-image.js";
import { possibleEstimate } from "../../../pipeline/possible-blur.js";

export function isSpectral(estimate: KernelEstimate): estimate is SpectralEstimate {
  return "covariance" in estimate;
}

/** An estimate as `upscale` uses it: no wider than the image's steepest edges allow. */
export function possibleRead(read: KernelEstimate, { rgb, alpha }: DecodedImage): KernelEstimate {
  const possible = possibleEstimate(read, multiplied(rgb, 1 / brightLevel(rgb)), alpha);
  if (possible === read || !isSpectral(read)) return possible;
  // All variances shrink alike; at ×4 those of the ×2 kernel are told.
  const share = kernelCovariance(possible.kernel).xx / kernelCovariance(read.kernel).xx;
  const narrowed: Partial<SpectralEstimate> = { covariance: scaledCovariance(read.covariance, share) };
  return { ...possible, ...narrowed };
}
