import type { Engine } from "../../engine/device/engine.js";
import { freeOnFailure } from "../../engine/disposal.js";
import { realFft2dForward } from "../../engine/ops/fft/fft.js";
import type { Program } from "../../engine/recording/program.js";
import { StepCounter } from "../../engine/recording/step-counter.js";
import { Tape } from "../../engine/recording/tape.js";
import type { Tensor } from "../../engine/tensors/tensor.js";
import { type RgbImage, rgbImage } from "../../image/rgb-image.js";
import type { BlurKernel } from "../../kernel/blur-kernel.js";
import { wrappedPsf } from "../../kernel/psf-to-otf.js";
import { fourierGuess, wienerAlpha } from "../../model/usrnet/fourier-guess.js";
import { padPeriodically, periodicLength } from "../tiles/periodic-padding.js";

/**
 * Closed-form upscalings of one image by one kernel at several noise levels, see {@link fourierGuess}. Recorded once for images of
 * one size, and replayed with other images, kernels and levels.
 */
export class ClosedFormGuesses {
  private constructor(
    private readonly engine: Engine,
    private readonly program: Program,
    private readonly small: readonly [number, number],
    private readonly scale: number,
    private readonly tensors: {
      readonly input: Tensor;
      readonly blur: Tensor;
      readonly alphas: readonly Tensor[];
      readonly outputs: readonly Tensor[];
      readonly counter: Tensor;
    },
  ) {}

  /** Records `count` guesses for small images of a size. */
  static create(
    engine: Engine,
    height: number,
    width: number,
    scale: number,
    count = 2,
  ): Promise<ClosedFormGuesses> {
    const size = [periodicLength(height), periodicLength(width)] as const;
    const large = [size[0] * scale, size[1] * scale] as const;
    return freeOnFailure(async (own) => {
      const counter = own(new StepCounter(engine));
      counter.reset(0);
      const tape = new Tape(engine, false);
      const input = tape.tensor([3, ...size], "image");
      const blur = tape.tensor([1, ...large], "kernel");
      const spectrum = realFft2dForward(tape, input);
      const blurSpectrum = realFft2dForward(tape, blur);
      const alphas = Array.from({ length: count }, () => tape.constant(new Float32Array(1), "alpha"));
      const outputs = alphas.map((alpha) =>
        fourierGuess(tape, { spectrum, blur: blurSpectrum, scale, size, alphas: alpha, counter }),
      );
      const tensors = { input, blur, alphas, outputs, counter: counter.tensor };
      return new ClosedFormGuesses(engine, await tape.finish(), [height, width], scale, tensors);
    });
  }

  /**
   * The guesses for an image of the recorded size. Calls may not overlap.
   * @param sigmas noise levels in 255ths, one for each guess.
   */
  async make(image: RgbImage, kernel: BlurKernel, sigmas: readonly number[]): Promise<RgbImage[]> {
    const { engine, scale, small, tensors } = this;
    const size = [periodicLength(small[0]), periodicLength(small[1])] as const;
    const pitch = size[1] * scale;
    engine.write(tensors.input, padPeriodically(image.data, small, size));
    engine.write(tensors.blur, wrappedPsf(kernel, size[0] * scale, pitch));
    tensors.alphas.forEach((alpha, i) => {
      engine.write(alpha, Float32Array.of(wienerAlpha(sigmas[i])));
    });
    this.program.run();
    const [height, width] = [small[0] * scale, small[1] * scale];
    const guesses: RgbImage[] = [];
    for (const output of tensors.outputs) {
      const values = await engine.read(output);
      const data = new Float32Array(3 * height * width);
      for (let line = 0; line < 3 * height; line++) {
        const start = (Math.floor(line / height) * size[0] * scale + (line % height)) * pitch;
        data.set(values.subarray(start, start + width), line * width);
      }
      guesses.push(rgbImage(width, height, data));
    }
    return guesses;
  }

  dispose(): void {
    this.program.dispose();
    this.engine.free(this.tensors.counter);
  }
}
