import type { Engine } from "../../engine/device/engine.js";
import { realFft2dForward } from "../../engine/ops/fft/fft.js";
import { StepCounter } from "../../engine/recording/step-counter.js";
import { Tape } from "../../engine/recording/tape.js";
import type { Tensor } from "../../engine/tensors/tensor.js";
import type { RgbImage } from "../../image/rgb-image.js";
import { asCorrelation, type BlurKernel } from "../../kernel/blur-kernel.js";
import { kernelOffset } from "../../kernel/kernel-offset.js";
import { CERTAIN } from "../../kernel/kernel-uncertainty.js";
import { moveKernel } from "../../kernel/move-kernel.js";
import { psfToOtf } from "../../kernel/psf-to-otf.js";
import { type Conditions, told } from "../../model/guided/conditions.js";
import { foldedWeights } from "../../model/guided/folded-weights.js";
import { GuidedNetwork } from "../../model/guided/guided-network.js";
import { GUESS_COUNT, type GuidedWeights, guidedWeights, planeCount } from "../../model/guided/layout.js";
import { fourierGuess, wienerAlpha } from "../../model/usrnet/fourier-guess.js";
import { toWeightFile } from "../../weights/safetensors.js";
import type { WeightFile } from "../../weights/weight-file.js";
import { assertUpscaleOptions } from "../assert-upscale-options.js";
import { UpscaleError } from "../errors.js";
import { completeInputs } from "../sigma/automatic-sigma.js";
import { tilePixels } from "../tiles/largest-tile.js";
import { finishTile, type TileProgram } from "../tiles/tile-program.js";
import type { Overlap } from "../tiles/tiles.js";
import { upscaleInTiles } from "../tiles/upscale-in-tiles.js";
import { TransientUpscaler } from "../transient-upscaler.js";
import type { UpscaleOptions, Upscaler } from "../upscaler.js";
import { guessSigmas } from "./guess-sigmas.js";
import { toldBlur } from "./told-blur.js";

/** How far the convolutions see, and most of what the closed form does: seams are below 1/255, see the test. */
export const GUIDED_OVERLAP: Overlap = { margin: 24, ramp: 8 };

/** Probability that a camera took a photo, above which it is upscaled as such a one. */
const CAMERA = 0.5;

/**
 * Our own network for photos. It makes two closed-form upscalings with the kernel, a sharp one and a smooth one; a residual
 * network on the small image's grid, which knows the noise and the kernel's uncertainty, merges them into one picture. It was
 * trained on simulated camera photos with estimated kernels.
 */
export class GuidedUpscaler extends TransientUpscaler {
  private constructor(
    private readonly engine: Engine,
    private readonly networks: readonly GuidedWeights[],
  ) {
    super();
  }

  /**
   * @param weights of one scale each: the bytes of `.safetensors` files, or parsed ones. Nothing is uploaded yet: the weights
   *   for an image follow from what is known of it.
   * @throws {WeightsError} if a file is damaged or of another network.
   */
  static async load(
    engine: Engine,
    ...weights: readonly (Uint8Array | WeightFile)[]
  ): Promise<GuidedUpscaler> {
    return new GuidedUpscaler(engine, weights.map(toWeightFile).map(guidedWeights));
  }

  /**
   * See {@link Upscaler.upscale}.
   * @throws {UpscaleError} also if there is no network for the scale.
   */
  async upscale(image: RgbImage, options: UpscaleOptions): Promise<RgbImage> {
    this.lifetime.check();
    assertUpscaleOptions(options);
    const network = this.networks.find(({ config }) => config.scale === options.scale);
    if (!network) {
      const scales = this.networks.map(({ config }) => `×${config.scale}`).join(", ");
      throw new UpscaleError(
        `The network for photos is for ${scales}, not for ×${options.scale}; take another upscaler.`,
      );
    }
    const { scale, channels } = network.config;
    const widest = Math.max(channels, planeCount(GUESS_COUNT, scale)) / scale ** 2;
    const pixels = tilePixels(this.engine, 4 * Math.max(3, widest));
    return upscaleInTiles(
      this.engine,
      image,
      options,
      pixels,
      (height, width) => this.record(network, height, width, options),
      GUIDED_OVERLAP,
    );
  }

  private async record(
    { config, camera, other }: GuidedWeights,
    height: number,
    width: number,
    options: UpscaleOptions,
  ): Promise<TileProgram> {
    const { engine } = this;
    const { scale, sigma = 0, known = { noise: sigma, uncertainty: CERTAIN } } = options;
    const { kernel, shift } = onNaturalGrid(options.kernel, scale);
    const inputs = completeInputs(known);
    const { covariance, error } = toldBlur(kernel, scale, inputs.error);
    const uncertainty = { ...inputs, error };
    const sigmas = guessSigmas(uncertainty);
    const { photo } = known;
    const weights = photo && photo.camera > CAMERA ? camera : other;
    const conditions: Conditions = { ...uncertainty, covariance, sigmas, photo };
    const following = told(weights, config, conditions);
    const network = new GuidedNetwork(engine, config);
    network.parameters.write(foldedWeights(weights, config, following));

    const large = [height * scale, width * scale] as const;
    const counter = new StepCounter(engine);
    const start = new Tape(engine, false);
    const blur = psfToOtf(start, kernel, ...large);
    const shiftedBlur = shift.some(Boolean) ? psfToOtf(start, options.kernel, ...large) : blur;

    const tape = new Tape(engine, false);
    const input = tape.tensor([3, height, width], "image");
    const observation = {
      spectrum: realFft2dForward(tape, input),
      blur,
      scale,
      size: [height, width] as const,
      counter,
    };
    const guess = (each: number, spectrum = blur): Tensor =>
      fourierGuess(tape, {
        ...observation,
        blur: spectrum,
        alphas: tape.constant(Float32Array.of(wienerAlpha(each)), "alpha"),
      });
    const means = options.range && guess(sigma, shiftedBlur);
    const [sharp, smooth] = sigmas.map((each) => guess(each));
    const output = network.forward(tape, {
      small: input.reshape([1, 3, height, width]),
      sharp,
      smooth,
      scale,
      gates: tape.constant(Float32Array.from(following.gates), "gates"),
      observation,
      alphas: following.alphas.map((alpha) => tape.constant(Float32Array.of(alpha), "alpha")),
      // Undoes the kernel's move to the natural grid.
      shift: [-shift[0], -shift[1]],
      shiftedBlur,
    });

    return finishTile({
      input,
      output,
      means,
      start,
      iteration: tape,
      iterations: 1,
      counter,
      free: () => network.dispose(),
      signal: options.signal,
    });
  }
}

/**
 * Moves a kernel by whole pixels to the natural grid, on which small pixel i lies at `s·i + (s − 1) / 2`: the only grid that
 * the network knows. Returns the kernel and the move.
 */
function onNaturalGrid(
  kernel: BlurKernel,
  scale: number,
): { kernel: BlurKernel<"correlation">; shift: readonly [down: number, right: number] } {
  const correlation = asCorrelation(kernel);
  const [down, right] = kernelOffset(correlation).map((place) => Math.round((scale - 1) / 2 - place));
  return { kernel: moveKernel(correlation, down, right), shift: [down, right] };
}
