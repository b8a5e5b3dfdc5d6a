import type { BlurKernel } from "../../kernel/blur-kernel.js";
import type { KernelUncertainty } from "../../kernel/kernel-uncertainty.js";
import { blurKind, LONG } from "../../kernel/metrics/blur-kind.js";
import { kernelSpread } from "../../kernel/metrics/kernel-spread.js";
import type { PhotoKind } from "../../model/spectral/whole-reading.js";

/** A kernel, and what the spectrum says of it. */
export interface ReadBlur {
  readonly kernel: BlurKernel;
  readonly uncertainty: Pick<KernelUncertainty, "error">;
  readonly photo?: Pick<PhotoKind, "gaussian">;
}

/** Less than this probability of a Gaussian, or of another blur: the network is sure. */
const SURE = 0.25;

/** A disk's likely error is less than this part of its variances: wide soft blurs are read as disks where it is more. */
const MAX_ERROR = 0.12;

/** Standard deviation of a ×2 kernel below which a photo counts as sharp. */
const SHARP = 1.2;

/**
 * The blur of a ×2 kernel in plain words, such as "out of focus, radius 2.1 px"; undefined unless the network is sure. Its limits were
 * chosen on training photos, see docs/notes/estimating/2026-11-28-plain-blur.md.
 */
export function blurInWords({ kernel, uncertainty, photo }: ReadBlur): string | undefined {
  const spread = kernelSpread(kernel);
  if (!photo || !spread) return undefined;
  const { wide, narrow } = spread;
  if (photo.gaussian > 1 - SURE) return wide > SHARP && wide < LONG * narrow ? "a soft lens" : undefined;
  const kind = photo.gaussian < SURE ? blurKind(kernel) : undefined;
  if (kind?.kind === "motion")
    return `shaken, ${kind.length.toFixed(0)} px along ${kind.degrees.toFixed(0)}°`;
  if (!kind || uncertainty.error > MAX_ERROR * (wide ** 2 + narrow ** 2)) return undefined;
  return `out of focus, radius ${kind.radius.toFixed(1)} px`;
}
