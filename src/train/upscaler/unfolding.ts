import type { Engine } from "../../engine/device/engine.js";
import { freeOnFailure } from "../../engine/disposal.js";
import { conv2d } from "../../engine/ops/convolution/conv2d.js";
import { add } from "../../engine/ops/elementwise/add.js";
import { realFft2d } from "../../engine/ops/fft/fft.js";
import { l1Loss } from "../../engine/ops/losses/l1-loss.js";
import { padReplicate } from "../../engine/ops/rearrange/pad-replicate.js";
import type { Program } from "../../engine/recording/program.js";
import { StepCounter } from "../../engine/recording/step-counter.js";
import { Tape } from "../../engine/recording/tape.js";
import type { Tensor } from "../../engine/tensors/tensor.js";
import { wrappedPsf } from "../../kernel/psf-to-otf.js";
import { dataStep } from "../../model/usrnet/data-step.js";
import { fourierGuess, wienerAlpha } from "../../model/usrnet/fourier-guess.js";
import { hyperParameters } from "../../model/usrnet/hyper-parameters.js";
import type { ResUNet } from "../../model/usrnet/res-unet.js";
import type { WeightFile } from "../../weights/weight-file.js";
import type { TrainedScale, UpscalerTask } from "./upscaler-task.js";

/** Side length of a kernel, by scale. */
const KERNEL_SIZE: Readonly<Record<TrainedScale, number>> = { 2: 11, 4: 21 };

/**
 * The unfolded iterations over a batch of patches of one scale, forwards and backwards, recorded once. The
 * GPU degrades the patches.
 */
export class Unfolding {
  private constructor(
    private readonly engine: Engine,
    private readonly program: Program,
    private readonly inputs: Inputs,
    private readonly counter: StepCounter,
    private readonly hyper: WeightFile,
    private readonly scale: TrainedScale,
    /** [batch, 3, size, size]: the upscaled patches of the last batch. */
    readonly result: Tensor,
    /** [1]: sum of the absolute errors of the last batch. */
    readonly loss: Tensor,
    /** Of the mean absolute error, laid out as the network's parameters. */
    readonly gradient: Tensor,
  ) {}

  /**
   * @param hyper the file with the weights of α and β.
   * @param iterations of the network.
   */
  static record(
    engine: Engine,
    prior: ResUNet,
    hyper: WeightFile,
    iterations: number,
    { scale, size, batch }: { scale: TrainedScale; size: number; batch: number },
  ): Promise<Unfolding> {
    return freeOnFailure(async (own) => {
      const tape = own(new Tape(engine));
      const counter = own(new StepCounter(engine));
      const small = size / scale;
      const inputs: Inputs = {
        sharp: tape.tensor([batch, 3, size, size], "sharp patches"),
        noise: tape.tensor([batch, 3, small, small], "noise"),
        kernels: Array.from({ length: batch }, () =>
          tape.tensor([1, 1, KERNEL_SIZE[scale], KERNEL_SIZE[scale]], "kernel"),
        ),
        grids: tape.tensor([batch, size, size], "kernels on the grid"),
        guessAlpha: tape.tensor([batch], "first alpha"),
        alphas: Array.from({ length: iterations }, () => tape.tensor([batch], "alpha")),
        betas: Array.from({ length: iterations }, () => tape.tensor([batch], "beta")),
      };
      const blurred = tape.tensor(inputs.noise.shape, "degraded");
      inputs.kernels.forEach((kernel, item) => {
        conv2d(tape, inputs.sharp.view(item * 3 * size ** 2, [3, 1, size, size]), kernel, {
          stride: scale,
          padding: (KERNEL_SIZE[scale] - 1) / 2,
          mode: "circular",
          out: blurred.view(item * 3 * small ** 2, [3, 1, small, small]),
        });
      });
      const image = add(tape, blurred, inputs.noise);
      const observation = {
        spectrum: realFft2d(tape, image.reshape([3 * batch, small, small])),
        blur: realFft2d(tape, inputs.grids),
        scale,
        size: [small, small] as const,
        counter,
      };
      let x = fourierGuess(tape, { ...observation, alphas: inputs.guessAlpha });
      for (let i = 0; i < iterations; i++) {
        const z = dataStep(tape, x, { ...observation, alphas: inputs.alphas[i] as Tensor });
        const padded = padReplicate(tape, z.reshape([batch, 3, size, size]), [size, size], {
          channel: { values: inputs.betas[i] as Tensor, counter },
        });
        x = prior.forward(tape, padded).reshape([3 * batch, size, size]);
      }
      const loss = l1Loss(tape, x, inputs.sharp);
      const { whole } = prior.parameters;
      tape.backward([{ loss, weight: 1 / inputs.sharp.size }], [whole]);
      const gradient = tape.gradient(whole);
      return new Unfolding(engine, await tape.finish(), inputs, counter, hyper, scale, x, loss, gradient);
    });
  }

  /** Uploads a batch and submits its run. */
  run(tasks: readonly UpscalerTask[]): void {
    const { engine, inputs, scale } = this;
    const [, , size = 0] = inputs.sharp.shape;
    tasks.forEach(({ sharp, kernel, noise }, item) => {
      const at = (tensor: Tensor, length: number): Tensor => tensor.view(item * length, [length]);
      engine.write(at(inputs.sharp, sharp.length), sharp);
      engine.write(at(inputs.noise, noise.length), noise);
      engine.write(inputs.kernels[item] as Tensor, Float32Array.from(kernel.values));
      engine.write(at(inputs.grids, size ** 2), wrappedPsf(kernel, size, size));
    });
    const hyper = tasks.map(({ sigma }) => hyperParameters(this.hyper, sigma / 255, scale));
    engine.write(
      inputs.guessAlpha,
      Float32Array.from(tasks, ({ sigma }) => wienerAlpha(sigma)),
    );
    inputs.alphas.forEach((tensor, i) => {
      engine.write(
        tensor,
        Float32Array.from(hyper, ({ alpha }) => alpha[i] as number),
      );
    });
    inputs.betas.forEach((tensor, i) => {
      engine.write(
        tensor,
        Float32Array.from(hyper, ({ beta }) => beta[i] as number),
      );
    });
    this.program.run();
  }

  /** Multiply-adds of a batch. */
  get multiplyAdds(): number {
    return this.program.multiplyAdds;
  }

  dispose(): void {
    this.program.dispose();
    this.counter.dispose();
  }
}

interface Inputs {
  readonly sharp: Tensor;
  readonly noise: Tensor;
  readonly kernels: readonly Tensor[];
  readonly grids: Tensor;
  readonly guessAlpha: Tensor;
  readonly alphas: readonly Tensor[];
  readonly betas: readonly Tensor[];
}
