import {
  inverseRealFft2d,
  inverseRealFft2dForward,
  realFft2d,
  realFft2dForward,
} from "../../engine/ops/fft/fft.js";
import { shapeError } from "../../engine/ops/shape-error.js";
import { forwardOnly } from "../../engine/recording/forward-only.js";
import { grid } from "../../engine/recording/launch.js";
import type { StepCounter } from "../../engine/recording/step-counter.js";
import type { Tape } from "../../engine/recording/tape.js";
import type { Tensor } from "../../engine/tensors/tensor.js";
import dataStepShader from "../../shaders/fft/fourier_data_step.wgsl";
import upsampleNearestShader from "../../shaders/rearrange/upsample_nearest.wgsl";

/** A low-resolution image as the data step wants it, and how it came about. */
export interface Observation {
  /** Half spectra [N · C, h, ⌊w / 2⌋ + 1, 2] of the images. */
  readonly spectrum: Tensor;
  /** Half spectra [N, scale · h, ⌊scale · w / 2⌋ + 1, 2] of the blur kernels, see {@link wrappedPsf}. */
  readonly blur: Tensor;
  readonly scale: number;
  /** Height and width of the low-resolution images. */
  readonly size: readonly [number, number];
  /** [steps, N]: the weight of the present image against the data at each step; without gradients. */
  readonly alphas: Tensor;
  readonly counter: StepCounter;
  /** Whether low frequencies are expected to be stronger, as in photographs, or all alike (unless given). */
  readonly prior?: boolean;
}

/**
 * USRNet's data step (Zhang et al. 2020, Eq. 5), exact for circular blur and subsampling:
 * x [N · C, H, W] → argmin ‖y − (z ⋆ k)↓‖² + α ‖z − x‖², of the same shape. It is written as a correction of x, which
 * stays exact where α is small: z = x + Bᵀ (B Bᵀ + α)⁻¹ (y − B x).
 * @throws {ShapeError} if the shapes do not fit.
 */
export function dataStep(tape: Tape, x: Tensor, observation: Observation): Tensor {
  const width = widthOf(x, observation);
  const spectrum = realFft2d(tape, x);
  const corrected = correct(tape, spectrum, observation);
  tape.differentiable([spectrum], [corrected], () => {
    // With y left out, the step is its own transpose.
    const { tensor, accumulate } = tape.gradientTarget(spectrum);
    recordCorrection(tape, tape.gradient(corrected), tensor, observation, {
      DIFFERENCE: true,
      ACCUMULATE: accumulate,
    });
  });
  return inverseRealFft2d(tape, corrected, width);
}

/** {@link dataStep} without its gradient. */
export function dataStepForward(tape: Tape, x: Tensor, observation: Observation): Tensor {
  const width = widthOf(x, observation);
  const spectrum = realFft2dForward(tape, x);
  const corrected = correctSpectrum(tape, spectrum, observation);
  tape.release(spectrum);
  const z = inverseRealFft2dForward(tape, corrected, width);
  tape.release(corrected);
  return z;
}

/** {@link dataStep} on half spectra x [N · C, H, ⌊W / 2⌋ + 1, 2], without its gradient. */
export function correctSpectrum(tape: Tape, x: Tensor, observation: Observation): Tensor {
  const z = correct(tape, x, observation);
  forwardOnly(tape, "correctSpectrum", [x], [z]);
  return z;
}

/** {@link correctSpectrum} of x = 0. */
export function guessSpectrum(tape: Tape, observation: Observation): Tensor {
  const { spectrum, scale, size } = observation;
  const [images = 0] = spectrum.shape;
  const shape = [images, size[0] * scale, Math.floor((size[1] * scale) / 2) + 1, 2];
  const z = tape.tensor(shape, "spectrum");
  // The zeros are not read, but every binding needs a tensor.
  recordCorrection(tape, spectrum, z, observation, { GUESS: true });
  return z;
}

function widthOf(x: Tensor, { scale, size }: Observation): number {
  const [, H = 0, W = 0] = x.shape;
  if (H !== size[0] * scale || W !== size[1] * scale) {
    throw shapeError("dataStep", `images of [${size}] times ${scale}`, x);
  }
  return W;
}

function correct(tape: Tape, x: Tensor, observation: Observation): Tensor {
  const z = tape.tensor(x.shape, "spectrum");
  recordCorrection(tape, x, z, observation, {});
  return z;
}

function recordCorrection(
  tape: Tape,
  x: Tensor,
  z: Tensor,
  { spectrum: y, blur, scale, size, alphas, counter, prior = false }: Observation,
  constants: Readonly<Record<string, boolean>>,
): void {
  const [images = 0] = z.shape;
  const [batch = 1] = blur.shape;
  tape.dispatch({
    shader: dataStepShader,
    bindings: {
      sizes: tape.constant(Uint32Array.of(batch, ...size), "sizes"),
      x,
      y,
      blur,
      alphas,
      counter: counter.tensor,
      z,
    },
    index: counter.rowOf(alphas, batch),
    ...grid(tape, [size[0] * (Math.floor(size[1] / 2) + 1), images], {
      ...constants,
      SCALE: scale,
      CHANNELS: images / batch,
      PRIOR: prior,
    }),
  });
}

/**
 * Enlarges images by repeating pixels, USRNet's first guess: x [N, h, w] → [N, scale · h, scale · w]. Has no gradient.
 */
export function upsampleNearest(tape: Tape, x: Tensor, scale: number): Tensor {
  const [N = 0, h = 0, w = 0] = x.shape;
  const y = tape.tensor([N, h * scale, w * scale], "guess");
  tape.dispatch({
    shader: upsampleNearestShader,
    bindings: { size: tape.constant(Uint32Array.of(h, w), "size"), x, y },
    ...grid(tape, [h * w * scale ** 2, N], { SCALE: scale }),
  });
  return y;
}
