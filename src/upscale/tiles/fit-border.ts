import { realFft2dForward } from "../../engine/ops/fft/fft.js";
import type { StepCounter } from "../../engine/recording/step-counter.js";
import type { Tape } from "../../engine/recording/tape.js";
import type { Tensor } from "../../engine/tensors/tensor.js";
import { wrap } from "../../image/wrap.js";
import { asCorrelation, type BlurKernel } from "../../kernel/blur-kernel.js";
import { kernelCovariance } from "../../kernel/metrics/kernel-metrics.js";
import { principalAxes } from "../../kernel/metrics/principal-axes.js";
import { psfToOtf } from "../../kernel/psf-to-otf.js";
import { fourierGuess } from "../../model/usrnet/fourier-guess.js";

/** Sizes of {@link setBorder}. */
export interface BorderSizes {
  /** Height and width of the pixels that are given. */
  readonly inner: readonly [number, number];
  /** Height and width with those beyond the border. */
  readonly extended: readonly [number, number];
  readonly scale: number;
}

/**
 * A long blur's variances along and across differ by at least this factor. Chosen on training photos, see
 * docs/notes/upscaling/2026-11-30-borders-of-long-blurs.md.
 */
const LONG = 1.8 ** 2;

/**
 * Whether a kernel blurs far more along one axis than across, as motion does: at a border that is mirrored, it rings for as long. At
 * a border that is fitted, rounder ones lose.
 */
export function isLong(kernel: BlurKernel): boolean {
  const { wide, narrow } = principalAxes(kernelCovariance(kernel));
  return wide > LONG * narrow;
}

/** So much that a closed form divides by it alone: with the squares of a kernel's spectrum beside it, the error is a millionth. */
const VAST = 2 ** 20;

/**
 * Records the blur of large images [3, H, W], which wrap around, divided by {@link VAST}: the closed form without a prior is
 * `Bᵀ y / (B Bᵀ + α)`, here of the turned kernel, of which `Bᵀ` is the blur.
 */
export function recordBlur(tape: Tape, large: Tensor, counter: StepCounter, kernel: BlurKernel): Tensor {
  const [, height = 0, width = 0] = large.shape;
  const correlation = asCorrelation(kernel);
  const turned = { ...correlation, values: correlation.values.slice().reverse() };
  return fourierGuess(tape, {
    spectrum: realFft2dForward(tape, large),
    blur: psfToOtf(tape, turned, height, width),
    scale: 1,
    size: [height, width],
    alphas: tape.constant(Float32Array.of(VAST), "alpha"),
    counter,
    prior: false,
  });
}

/**
 * Replaces what lies beyond the border of planes [3, h, w] by every `scale`-th pixel of what {@link recordBlur} gives for a large
 * image. Repeated with closed-form upscalings, it continues the image so that it can have been blurred by the kernel: a
 * continuation that cannot would ring where the kernel lets little through.
 */
export function setBorder(
  planes: Float32Array,
  blurred: Float32Array,
  { size }: BlurKernel,
  { inner, extended: [h, w], scale }: BorderSizes,
): void {
  // An even kernel has its middle elsewhere when it is turned.
  const place = (at: number, side: number): number => wrap(at * scale - 1 + (size % 2), side * scale);
  for (let i = 0; i < planes.length; i++) {
    const [x, row] = [i % w, Math.floor(i / w)];
    const y = row % h;
    if (y < inner[0] && x < inner[1]) continue;
    planes[i] = VAST * blurred[((row - y) * scale + place(y, h)) * w * scale + place(x, w)];
  }
}
