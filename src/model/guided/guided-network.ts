import type { Engine } from "../../engine/engine.js";
import { conv3x3 } from "../../engine/ops/convolution/conv3x3.js";
import type { Tape } from "../../engine/recording/tape.js";
import { Parameters } from "../../engine/tensors/parameters.js";
import type { Tensor } from "../../engine/tensors/tensor.js";
import { TensorPool } from "../../engine/tensors/tensor-pool.js";
import { type GuidedConfig, guidedShapes } from "./layout.js";
import { guidedPicture, guidedPlanes, type PictureOptions } from "./planes.js";

/**
 * The guided network's convolutions: a residual network on the small image's grid (3×3, blocks of 3×3, ReLU, 3×3) that sees two
 * closed-form guesses and says what is to be added to them. Its weights are those for one image, see {@link foldedWeights}.
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
      "guided network",
    );
  }

  /** The picture [N, 3, s·h, s·w]. Records no gradients: its images use their memory again. */
  forward(tape: Tape, options: PictureOptions): Tensor {
    const { channels, blocks } = this.config;
    const [N = 0, , h = 0, w = 0] = options.small.shape;
    const pool = new TensorPool(tape);
    const take = (label: string): Tensor => pool.take([N, channels, h, w], label);
    const convolve = (
      x: Tensor,
      name: string,
      more: { readonly relu?: boolean; readonly residual?: Tensor; readonly out?: Tensor },
    ): Tensor => {
      const bias = this.parameters.get(`${name}.bias`);
      return conv3x3(tape, x, this.parameters.get(`${name}.weight`), { ...more, bias });
    };
    let x = convolve(guidedPlanes(tape, options), "head", { out: take("head") });
    for (let block = 0; block < blocks; block++) {
      const inner = convolve(x, `first.${block}`, { relu: true, out: take("inner") });
      const outer = convolve(inner, `second.${block}`, { residual: x, out: take("outer") });
      pool.release(inner);
      pool.release(x);
      x = outer;
    }
    return guidedPicture(tape, convolve(x, "tail", {}), options);
  }

  /** Frees the weights. */
  dispose(): void {
    this.engine.free(this.parameters.whole);
  }
}
