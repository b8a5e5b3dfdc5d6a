import type { Engine } from "../../engine/device/engine.js";
import { type WinogradOptions, winogradConv3x3 } from "../../engine/ops/convolution/winograd-conv3x3.js";
import { Parameters } from "../../engine/optimizers/parameters.js";
import type { Tape } from "../../engine/recording/tape.js";
import type { Tensor } from "../../engine/tensors/tensor.js";
import { dataStepForward, type Observation } from "../usrnet/data-step.js";
import { type GuidedConfig, guidedShapes } from "./layout.js";
import { guidedPicture, guidedPlanes, type PictureOptions } from "./planes.js";

/** What the network is given of images. */
export interface GuidedInputs extends PictureOptions {
  readonly smooth: Tensor;
  readonly gates: Tensor;
  /** How the small images came about. */
  readonly observation: Omit<Observation, "alphas" | "prior" | "scale">;
  /** [1, N] for each stage: the weight of the picture against the data in its data step. */
  readonly alphas: readonly Tensor[];
  /** Spectrum of the kernels that belong to the picture's place after `shift`; `observation.blur` unless given. */
  readonly shiftedBlur?: Tensor;
}

/**
 * The guided network: residual networks on the small image's grid (3×3, blocks of 3×3, ReLU, 3×3) in stages. The first sees two
 * closed-form guesses and says what is to be added to them. A data step (USRNet's) brings the picture back to what the small
 * image allows, and the next stage sees that. The weights are those for one image, see {@link foldedWeights}.
 */
export class GuidedNetwork {
  readonly parameters: Parameters;

  constructor(
    private readonly engine: Engine,
    private readonly config: GuidedConfig,
  ) {
    const shapes = [...guidedShapes(config)].filter(([name]) => !name.startsWith("conditions_"));
    this.parameters = new Parameters(
      engine,
      shapes.map(([name, shape]) => ({ name, shape })),
      "network",
    );
  }

  /** The picture [N, 3, s·h, s·w]. Has no gradient; guesses of the same tape are overwritten. */
  forward(tape: Tape, inputs: GuidedInputs): Tensor {
    const { small, scale, shift, observation, alphas, shiftedBlur = observation.blur } = inputs;
    const [N = 0, , h = 0, w = 0] = small.shape;
    const large = [N, 3, h * scale, w * scale];
    const layers = new Layers(tape, this.parameters);
    const { blocks } = this.config;
    let first = 0;
    const x = layers.head(guidedPlanes(tape, inputs));
    let picture = inputs.sharp;
    for (const [stage, count] of blocks.entries()) {
      let base: PictureOptions = inputs;
      if (stage > 0) {
        base = { small, sharp: picture, scale };
        layers.again(guidedPlanes(tape, base), stage - 1, x);
      }
      for (const last = first + count; first < last; first++) layers.block(x, first);
      const isLast = stage === blocks.length - 1;
      const added = layers.tail(x, stage);
      const changed = guidedPicture(tape, added, { ...base, shift: isLast ? shift : undefined });
      for (const each of [added, base.sharp, base.smooth]) if (each) tape.release(each);
      picture = dataStepForward(tape, changed.reshape([3 * N, large[2], large[3]]), {
        ...observation,
        scale,
        blur: isLast ? shiftedBlur : observation.blur,
        alphas: alphas[stage],
      }).reshape(large);
      tape.release(changed);
    }
    return picture;
  }

  /** Frees the weights. */
  dispose(): void {
    this.engine.free(this.parameters.whole);
  }
}

/** Convolutions of features [N, channels, h, w]. */
class Layers {
  constructor(
    private readonly tape: Tape,
    private readonly parameters: Parameters,
  ) {}

  head(planes: Tensor): Tensor {
    const x = this.convolve(planes, "head");
    this.tape.release(planes);
    return x;
  }

  /** Adds what a later stage sees to the features x. */
  again(planes: Tensor, which: number, x: Tensor): void {
    this.convolve(planes, `again.${which}`, { sum: x });
    this.tape.release(planes);
  }

  /** Adds a residual block to the features x. */
  block(x: Tensor, which: number): void {
    const inner = this.convolve(x, `first.${which}`, { relu: true });
    this.convolve(inner, `second.${which}`, { sum: x });
    this.tape.release(inner);
  }

  tail(x: Tensor, stage: number): Tensor {
    return this.convolve(x, `tail.${stage}`);
  }

  private convolve(x: Tensor, name: string, options: Omit<WinogradOptions, "bias"> = {}): Tensor {
    const bias = this.parameters.get(`${name}.bias`);
    return winogradConv3x3(this.tape, x, this.parameters.get(`${name}.weight`), { ...options, bias });
  }
}
