import type { Engine } from "../../engine/device/engine.js";
import { DISPOSE, freeOnFailure, Lifetime } from "../../engine/disposal.js";
import { realFft2dForward } from "../../engine/ops/fft/fft.js";
import { padReplicateForward } from "../../engine/ops/rearrange/pad-replicate.js";
import { trimForward } from "../../engine/ops/rearrange/trim.js";
import { advance } from "../../engine/recording/history.js";
import { MAX_WORKGROUPS } from "../../engine/recording/launch.js";
import { StepCounter } from "../../engine/recording/step-counter.js";
import { Tape } from "../../engine/recording/tape.js";
import { itemSize, roundUp, type Tensor } from "../../engine/tensors/tensor.js";
import type { RgbImage } from "../../image/rgb-image.js";
import { psfToOtf } from "../../kernel/psf-to-otf.js";
import { dataStepForward, upsampleNearest } from "../../model/usrnet/data-step.js";
import { fourierGuess, wienerAlpha } from "../../model/usrnet/fourier-guess.js";
import { hyperParameters } from "../../model/usrnet/hyper-parameters.js";
import { ResUNet } from "../../model/usrnet/res-unet.js";
import { configOf } from "../../model/usrnet/usrnet-config.js";
import { PRIOR_INPUTS, type Precision, type UsrNetConfig } from "../../weights/layouts/usrnet-layout.js";
import { toWeightFile } from "../../weights/safetensors.js";
import type { WeightFile } from "../../weights/weight-file.js";
import { tilePixels } from "../tiles/largest-tile.js";
import { finishTile, type TileProgram } from "../tiles/tile-program.js";
import { upscaleInTiles } from "../tiles/upscale-in-tiles.js";
import type { UpscaleOptions, Upscaler } from "../upscaler.js";

/** Of the prior network's convolutions. */
const PIXELS_PER_INVOCATION = 4;

/** The largest number of pixels of a tile, with its padding, that USRNet takes on a device; see {@link tilePixels}. */
export function usrNetPixels(engine: Engine, { widths }: UsrNetConfig, precision: Precision = "f32"): number {
  return Math.min(
    // The prior network's input and output stay in f32.
    tilePixels(engine, Math.max(4 * PRIOR_INPUTS, itemSize(precision) * (widths[0] as number))),
    MAX_WORKGROUPS * PIXELS_PER_INVOCATION * engine.tuning.convolution,
  );
}

/** Options of {@link UsrNet.load}. */
export interface UsrNetOptions {
  /**
   * How the network's weights and intermediate images are stored; f32 unless given. f16 rounds them to 11 bits: it saves a
   * third of the memory in all, and the picture changes by less than one level of 8 bits.
   */
  readonly precision?: Precision;
}

/**
 * USRNet (Zhang et al., CVPR 2020): iterations of a data step in the Fourier domain, which knows the blur, and a prior
 * network, which knows what images look like. One iteration is recorded, and replayed for each.
 */
export class UsrNet implements Upscaler {
  private readonly lifetime = new Lifetime("upscaler");

  private constructor(
    private readonly engine: Engine,
    private readonly file: WeightFile,
    private readonly config: UsrNetConfig,
    private readonly prior: ResUNet,
    private readonly precision: Precision,
  ) {}

  /**
   * @param weights the authors' or our own: the bytes of a `.safetensors` file, or a parsed one.
   * @throws {WeightsError} if the file is damaged or of another network.
   * @throws {FeatureError} for f16, if the device has no shader-f16.
   */
  static async load(
    engine: Engine,
    weights: Uint8Array | WeightFile,
    { precision = "f32" }: UsrNetOptions = {},
  ): Promise<UsrNet> {
    const file = toWeightFile(weights);
    const config = configOf(file);
    return freeOnFailure(async (own) => {
      const prior = own(new ResUNet(engine, config, precision));
      prior.parameters.write(new Map([...file.tensors].map(([name, { data }]) => [name, data])));
      await prior.prepare();
      return new UsrNet(engine, file, config, prior, precision);
    });
  }

  /** See {@link Upscaler.upscale}. */
  async upscale(image: RgbImage, options: UpscaleOptions): Promise<RgbImage> {
    this.lifetime.check();
    const { engine } = this;
    const pixels = usrNetPixels(engine, this.config, this.precision);
    return upscaleInTiles(engine, image, options, pixels, (height, width) =>
      this.recordTile(height, width, options),
    );
  }

  /**
   * Records the upscaling of tiles of one size; public so that its programs can be run and timed by themselves.
   * @param height,width of a tile of the small image, in pixels.
   */
  async recordTile(
    height: number,
    width: number,
    { kernel, scale, sigma = 0, range, signal }: UpscaleOptions,
  ): Promise<TileProgram> {
    const { engine, config } = this;
    const large = [height * scale, width * scale] as const;
    const { alpha, beta } = hyperParameters(this.file, sigma / 255, scale);
    const counter = new StepCounter(engine);

    const start = new Tape(engine, false);
    const input = start.tensor([3, height, width], "image");
    const spectrum = realFft2dForward(start, input);
    const blur = psfToOtf(start, kernel, ...large);
    const observation = { spectrum, blur, scale, size: [height, width] as const, counter };
    const firstAlpha = start.constant(Float32Array.of(wienerAlpha(sigma)), "alpha");
    const guess = (): Tensor => fourierGuess(start, { ...observation, alphas: firstAlpha });
    const x = config.firstGuess === "fourier" ? guess() : upsampleNearest(start, input, scale);

    const tape = new Tape(engine, false);
    const alphas = tape.constant(Float32Array.from(alpha), "alpha");
    const betas = tape.constant(Float32Array.from(beta), "beta");
    const z = dataStepForward(tape, x, { ...observation, alphas });
    const padded = padReplicateForward(
      tape,
      z.reshape([1, 3, ...large]),
      [roundUp(large[0], this.prior.multiple), roundUp(large[1], this.prior.multiple)],
      { channel: { values: betas, counter } },
    );
    const restored = this.prior.forward(tape, padded);
    trimForward(tape, restored, large, x.reshape([1, 3, ...large]));
    advance(tape, counter);

    return finishTile({
      input,
      output: x,
      means: range && guess(),
      start,
      iteration: tape,
      iterations: config.iterations,
      counter,
      signal,
    });
  }

  /** Frees the weights. */
  dispose(): void {
    if (this.lifetime.end()) return;
    this.prior.dispose();
  }

  [DISPOSE](): void {
    this.dispose();
  }
}
