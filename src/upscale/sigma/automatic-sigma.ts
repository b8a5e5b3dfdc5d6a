import type { KernelUncertainty, PhotoUncertainty } from "../../kernel/kernel-uncertainty.js";
import type { PhotoKind } from "../../model/spectral/whole-reading.js";

/** What is known about a photo and its kernel before the photo is upscaled; every kernel estimate has this shape. */
export interface SigmaInputs {
  /** Standard deviation of the photo's noise, in 255ths; a photo of unknown noise counts as clean. */
  readonly noise?: number;
  /** A part of it may be unknown: an adaptation does not know how wrong its kernel is. */
  readonly uncertainty?: Partial<KernelUncertainty>;
  /** What kind of picture the photo is; sigma does not depend on it, the network for photos does. */
  readonly photo?: PhotoKind;
}

/** Mean K-COV of adaptations on the benchmarks, in square pixels: what a kernel counts as if its error is unknown. */
const UNKNOWN_ERROR = 2.4;

/** Uncertainty that does no harm. The spectral network reports a small non-Gaussianity even for a Gaussian. */
const HARMLESS: KernelUncertainty = { error: 0.4, nonGaussianity: 0.005 };

/** 255ths of sigma for each unit above {@link HARMLESS}; fitted on training photos, see docs/notes/upscaling/2026-11-24-sigma-rule.md. */
const SIGMA_PER_ERROR = 4;
const SIGMA_PER_NON_GAUSSIANITY = 50;

/** A larger penalty would blur away detail that an upscaler can still restore with a wrong kernel. */
const MAX_PENALTY = 4;

/** The inputs with their unknown parts filled in. */
export function completeInputs({ noise = 0, uncertainty = {} }: SigmaInputs): PhotoUncertainty {
  const { error = UNKNOWN_ERROR, nonGaussianity = 0 } = uncertainty;
  return { noise, error, nonGaussianity };
}

/**
 * Chooses the noise level to tell an upscaler, in 255ths: the noise combined in quadrature with a penalty for the kernel's
 * uncertainty. An upscaler that is told too little sharpens the kernel's errors along with the noise.
 */
export function automaticSigma(inputs: SigmaInputs): number {
  const { noise, error, nonGaussianity } = completeInputs(inputs);
  const penalty =
    SIGMA_PER_ERROR * Math.max(0, error - HARMLESS.error) +
    SIGMA_PER_NON_GAUSSIANITY * Math.max(0, nonGaussianity - HARMLESS.nonGaussianity);
  return Math.hypot(noise, Math.min(penalty, MAX_PENALTY));
}
