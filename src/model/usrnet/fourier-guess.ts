import { inverseRealFft2dForward } from "../../engine/ops/fft/fft.js";
import type { Tape } from "../../engine/recording/tape.js";
import type { Tensor } from "../../engine/tensors/tensor.js";
import { correctSpectrum, type Observation } from "./data-step.js";

/** Mean square of the difference of neighboring pixels, over both directions: fitted to photographs. */
const PHOTO_POWER = 0.03;

/** Standard deviation of the noise that rounding to 8 bits leaves, in 255ths. */
const ROUNDING = Math.sqrt(1 / 12);

/**
 * The linear estimate of least mean square error (Wiener's) of images whose power falls with the square of the
 * frequency: [N · C, H, W]. Has no gradient.
 * @param observation `alphas` are those of {@link wienerAlpha}.
 */
export function fourierGuess(tape: Tape, observation: Omit<Observation, "prior">): Tensor {
  const { spectrum, scale, size } = observation;
  const [images = 0] = spectrum.shape;
  const [height, width] = [size[0] * scale, size[1] * scale];
  const nothing = tape.tensor([images, height, Math.floor(width / 2) + 1, 2], "spectrum of nothing");
  return inverseRealFft2dForward(
    tape,
    correctSpectrum(tape, nothing, { ...observation, prior: true }),
    width,
  );
}

/**
 * How much the data weigh less than the prior of {@link fourierGuess}.
 * @param sigma standard deviation of the noise, in 255ths.
 */
export function wienerAlpha(sigma: number): number {
  return (Math.max(sigma, ROUNDING) / 255) ** 2 / PHOTO_POWER;
}
