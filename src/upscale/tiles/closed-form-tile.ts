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

/** Records the closed-form upscaling of a tile [3, h, w], see {@link fourierGuess}. */
export async function closedFormTile(
  engine: Engine,
  input: Tensor,
  options: UpscaleOptions,
): Promise<ClosedFormTile> {
  const counter = new StepCounter(engine);
  counter.reset(0);
  const tape = new Tape(engine, false);
  const output = closedForm(tape, input, tape, options, counter);
  const program = await tape.finish();
  return {
    program,
    output,
    dispose: () => {
      program.dispose();
      counter.dispose();
    },
  };
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
