import type { Engine } from "../../engine/device/engine.js";
import { realFft2dForward } from "../../engine/ops/fft/fft.js";
import { StepCounter } from "../../engine/recording/step-counter.js";
import { Tape } from "../../engine/recording/tape.js";
import type { Tensor } from "../../engine/tensors/tensor.js";
import { psfToOtf } from "../../kernel/psf-to-otf.js";
import { fourierGuess, wienerAlpha } from "../../model/usrnet/fourier-guess.js";
import type { UpscaleOptions } from "../upscaler.js";
import { finishTile, type TileProgram } from "./tile-program.js";

/**
 * Records the closed-form upscaling of a tile [3, h, w], see {@link fourierGuess}.
 * @param inputOf gives the tile, which may be on the tape.
 * @param then records what is made of the result; nothing unless given.
 */
export function closedFormTile(
  engine: Engine,
  { kernel, scale, sigma = 0, signal }: UpscaleOptions,
  inputOf: (tape: Tape) => Tensor,
  then = (_: Tape, large: Tensor, __: StepCounter): Tensor => large,
): Promise<TileProgram> {
  const counter = new StepCounter(engine);
  const start = new Tape(engine, false);
  const iteration = new Tape(engine, false);
  const input = inputOf(iteration);
  const [, height = 0, width = 0] = input.shape;
  const large = fourierGuess(iteration, {
    spectrum: realFft2dForward(iteration, input),
    blur: psfToOtf(start, kernel, height * scale, width * scale),
    scale,
    size: [height, width],
    alphas: iteration.constant(Float32Array.of(wienerAlpha(sigma)), "alpha"),
    counter,
  });
  const output = then(iteration, large, counter);
  return finishTile({ input, output, start, iteration, iterations: 1, counter, signal });
}
