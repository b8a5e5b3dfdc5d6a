import type { Engine } from "../../engine/device/engine.js";
import { realFft2dForward } from "../../engine/ops/fft/fft.js";
import type { Program } from "../../engine/recording/program.js";
import { StepCounter } from "../../engine/recording/step-counter.js";
import { Tape } from "../../engine/recording/tape.js";
import type { Tensor } from "../../engine/tensors/tensor.js";
import { psfToOtf } from "../../kernel/psf-to-otf.js";
import { fourierGuess, wienerAlpha } from "../../model/usrnet/fourier-guess.js";
import type { UpscaleOptions } from "../upscaler.js";

/** A closed-form upscaling of what another program gets. */
export interface ClosedFormTile {
  readonly program: Program;
  /** [3, scale · h, scale · w] */
  readonly output: Tensor;
  dispose(): void;
}

/**
 * Records the closed-form upscaling of a tile [3, h, w], see {@link fourierGuess}.
 * @param then records what is made of it; nothing unless given.
 */
export async function closedFormTile(
  engine: Engine,
  input: Tensor,
  options: UpscaleOptions,
  then = (_: Tape, large: Tensor, __: StepCounter): Tensor => large,
): Promise<ClosedFormTile> {
  const counter = new StepCounter(engine);
  counter.reset(0);
  const tape = new Tape(engine, false);
  const dispose = (): void => {
    tape.dispose();
    counter.dispose();
  };
  try {
    const output = then(tape, closedForm(tape, input, tape, options, counter), counter);
    return { program: await tape.finish(options.signal), output, dispose };
  } catch (error) {
    dispose();
    throw error;
  }
}

/**
 * Records {@link fourierGuess} of a tile [3, h, w].
 * @param start where the kernel's spectrum is made.
 */
export function closedForm(
  tape: Tape,
  input: Tensor,
  start: Tape,
  { kernel, scale, sigma = 0 }: UpscaleOptions,
  counter: StepCounter,
): Tensor {
  const [, height = 0, width = 0] = input.shape;
  return fourierGuess(tape, {
    spectrum: realFft2dForward(tape, input),
    blur: psfToOtf(start, kernel, height * scale, width * scale),
    scale,
    size: [height, width],
    alphas: tape.constant(Float32Array.of(wienerAlpha(sigma)), "alpha"),
    counter,
  });
}
