import { StepCounter } from "../engine/counter.js";
import type { Engine } from "../engine/engine.js";
import { realFft2d } from "../engine/ops/fft.js";
import { padReplicate } from "../engine/ops/pad-replicate.js";
import { advance } from "../engine/ops/record.js";
import { trim } from "../engine/ops/trim.js";
import { Tape } from "../engine/tape.js";
import { roundUp } from "../engine/tensor.js";
import { TensorPool } from "../engine/tensor-pool.js";
import type { RgbImage } from "../model/image.js";
import { blurOnGrid } from "../model/usrnet/blur-on-grid.js";
import { configOf } from "../model/usrnet/config-of.js";
import { dataStep, upsampleNearest } from "../model/usrnet/data-step.js";
import { fourierGuess, wienerAlpha } from "../model/usrnet/fourier-guess.js";
import { hyperParameters } from "../model/usrnet/hyper-parameters.js";
import type { UsrNetConfig } from "../model/usrnet/layout.js";
import { ResUNet } from "../model/usrnet/res-unet.js";
import type { WeightFile } from "../model/weights/weight-file.js";
import { largestTile } from "./largest-tile.js";
import { type TileProgram, upscaleInTiles } from "./upscale-in-tiles.js";
import type { UpscaleOptions, Upscaler } from "./upscaler.js";

/**
 * USRNet (Zhang et al., CVPR 2020): iterations of a data step in the Fourier domain, which knows the blur, and a prior
 * network, which knows what images look like. One iteration is recorded, and replayed for each.
 */
export class UsrNet implements Upscaler {
  private constructor(
    private readonly engine: Engine,
    private readonly file: WeightFile,
    private readonly config: UsrNetConfig,
    private readonly prior: ResUNet,
  ) {}

  /**
   * Uploads the weights, imported or our own.
   * @throws {WeightsError} if they are not a USRNet's.
   */
  static async create(engine: Engine, file: WeightFile): Promise<UsrNet> {
    const config = configOf(file);
    const prior = new ResUNet(engine, config);
    prior.parameters.write(new Map([...file.tensors].map(([name, { data }]) => [name, data])));
    await prior.prepare();
    return new UsrNet(engine, file, config, prior);
  }

  /** See {@link Upscaler.upscale}. */
  async upscale(image: RgbImage, options: UpscaleOptions): Promise<RgbImage> {
    const largest = largestTile(this.engine, this.config.widths[0] as number);
    return upscaleInTiles(this.engine, image, options, largest, (height, width) =>
      this.recordTile(height, width, options),
    );
  }

  /**
   * Records the upscaling of tiles of a size, for whoever wants to run or time its programs apart.
   * @param height of the small image, as is the width.
   */
  async recordTile(
    height: number,
    width: number,
    { kernel, scale, sigma = 0 }: UpscaleOptions,
  ): Promise<TileProgram> {
    const { engine, config } = this;
    const large = [height * scale, width * scale] as const;
    const { alpha, beta } = hyperParameters(this.file, sigma / 255, scale);
    const counter = new StepCounter(engine);

    const start = new Tape(engine, false);
    const input = start.tensor([3, height, width], "image");
    const spectrum = realFft2d(start, input);
    const grid = start.constant(blurOnGrid(kernel, ...large), "blur kernel");
    const blur = realFft2d(start, grid.reshape([1, ...large]));
    const observation = { spectrum, blur, scale, size: [height, width] as const, counter };
    const x =
      config.firstGuess === "fourier"
        ? fourierGuess(start, {
            ...observation,
            alphas: start.constant(Float32Array.of(wienerAlpha(sigma)), "first alpha"),
          })
        : upsampleNearest(start, input, scale);

    const tape = new Tape(engine, false);
    const alphas = tape.constant(Float32Array.from(alpha), "alpha");
    const betas = tape.constant(Float32Array.from(beta), "beta");
    const z = dataStep(tape, x, { ...observation, alphas });
    const padded = padReplicate(
      tape,
      z.reshape([1, 3, ...large]),
      [roundUp(large[0], this.prior.multiple), roundUp(large[1], this.prior.multiple)],
      { channel: { values: betas, counter } },
    );
    const restored = this.prior.forward(tape, padded, new TensorPool(tape));
    trim(tape, restored, large, x.reshape([1, 3, ...large]));
    advance(tape, counter);

    const programs = [await start.finish(), await tape.finish()] as const;
    return {
      input,
      output: x,
      start: programs[0],
      iteration: programs[1],
      iterations: config.iterations,
      reset: () => counter.reset(0),
      dispose: () => {
        for (const program of programs) program.dispose();
        engine.free(counter.tensor);
      },
    };
  }

  /** Frees the weights. */
  dispose(): void {
    this.prior.dispose();
  }
}
