import { realFft2dForward } from "../../engine/ops/fft/fft.js";
import type { StepCounter } from "../../engine/recording/step-counter.js";
import type { Tape } from "../../engine/recording/tape.js";
import type { Tensor } from "../../engine/tensors/tensor.js";
import { wrap } from "../../image/wrap.js";
import { asCorrelation, type BlurKernel } from "../../kernel/blur-kernel.js";
import { psfToOtf } from "../../kernel/psf-to-otf.js";
import { fourierGuess } from "../../model/usrnet/fourier-guess.js";

/** Sizes of {@link withBorderOf}. */
export interface BorderSizes {
  /** Height and width of the pixels that are given. */
  readonly inner: readonly [number, number];
  /** Height and width with those beyond the border. */
  readonly extended: readonly [number, number];
  readonly scale: number;
}

/** So much that a closed form divides by it alone: with the squares of a kernel's spectrum beside it, the error is a millionth. */
const VAST = 2 ** 20;

/**
 * Records the blur of large images [3, H, W], which wrap around, divided by {@link VAST}: the closed form without a prior is
 * `Bᵀ y / (B Bᵀ + α)`, here of the turned kernel, of which `Bᵀ` is the blur.
 */
export function recordBlur(tape: Tape, large: Tensor, kernel: BlurKernel, counter: StepCounter): Tensor {
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
 * image; returns a copy. Repeated with closed-form upscalings, it continues the image so that it can have been blurred by the
 * kernel: a continuation that cannot would ring where the kernel lets little through.
 */
export function withBorderOf(
  planes: Float32Array,
  blurred: Float32Array,
  { size }: BlurKernel,
  { inner, extended, scale }: BorderSizes,
): Float32Array {
  const [h, w] = extended;
  const [height, width] = [h * scale, w * scale];
  // An even kernel has its middle elsewhere when it is turned.
  const move = (size % 2) - 1;
  const result = planes.slice();
  for (let plane = 0; plane < 3; plane++) {
    for (let y = 0; y < h; y++) {
      const row = (plane * height + wrap(y * scale + move, height)) * width;
      for (let x = y < inner[0] ? inner[1] : 0; x < w; x++) {
        result[(plane * h + y) * w + x] = VAST * blurred[row + wrap(x * scale + move, width)];
      }
    }
  }
  return result;
}
