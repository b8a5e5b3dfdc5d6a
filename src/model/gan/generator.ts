import type { Engine } from "../../engine/device/engine.js";
import { CollapsedChain } from "../../engine/ops/convolution/collapse.js";
import { conv2d, conv2dOfConstant } from "../../engine/ops/convolution/conv2d.js";
import { Parameters } from "../../engine/optimizers/parameters.js";
import type { Tape } from "../../engine/recording/tape.js";
import type { Tensor } from "../../engine/tensors/tensor.js";
import { GENERATOR_PARAMETERS } from "../../weights/layouts/gan-layout.js";

/** Side length of the ×2 kernel: the receptive field of the whole generator. */
export const KERNEL_EXTENT = 11;

/** Pixels around an image that the kernel reaches. */
export const KERNEL_MARGIN = (KERNEL_EXTENT - 1) / 2;

/**
 * The generator: six linear convolutions, the last with stride 2, over an image with circular padding. It blurs and
 * downscales by two, each color by itself, so it equals one strided convolution with an 11×11 kernel, and is trained
 * through that kernel (MetaKernelGAN, Eq. 3).
 */
export class Generator {
  readonly parameters: Parameters;
  /** The blur kernel that the generator is, in cross-correlation orientation. */
  readonly chain: CollapsedChain;

  constructor(private readonly engine: Engine) {
    this.parameters = new Parameters(engine, GENERATOR_PARAMETERS, "generator");
    this.chain = new CollapsedChain(engine, this.weights);
  }

  /** The weights from the first layer to the last. */
  get weights(): Tensor[] {
    return this.parameters.names.map((name) => this.parameters.get(name));
  }

  /** Blurs and downscales by two: image [C, H, W] → [C, H/2, W/2], with the kernel of {@link chain}. The image gets no gradient. */
  downscale(tape: Tape, image: Tensor, kernel: Tensor, out?: Tensor): Tensor {
    const [C = 0, H = 0, W = 0] = image.shape;
    return conv2dOfConstant(tape, image.reshape([C, 1, H, W]), kernel, {
      stride: 2,
      padding: KERNEL_MARGIN,
      mode: "circular",
      out,
    });
  }

  /**
   * A part of what {@link downscale} makes: part [C, H, W] → [C, (H − 10) / 2, (W − 10) / 2], for a part that brings the
   * {@link KERNEL_MARGIN} pixels around it.
   */
  downscalePart(tape: Tape, part: Tensor, kernel: Tensor, out?: Tensor): Tensor {
    const [C = 0, H = 0, W = 0] = part.shape;
    return conv2dOfConstant(tape, part.reshape([C, 1, H, W]), kernel, { stride: 2, out });
  }

  /** Frees the weights and the kernel. */
  dispose(): void {
    this.chain.dispose();
    this.engine.free(this.parameters.whole);
  }
}

/** The same as {@link Generator.downscale}, layer by layer as the paper draws it, at a thousand times the cost. */
export function downscaleByLayers(tape: Tape, { weights }: Generator, image: Tensor): Tensor {
  const [C = 0, H = 0, W = 0] = image.shape;
  const last = weights.length - 1;
  // The padding of the whole goes before the first layer, whose output is then larger than the image: circular
  // padding by the same amount before each layer gives the same values without the margin.
  return weights.reduce(
    (x, weight, layer) =>
      conv2d(tape, x, weight, {
        stride: layer === last ? 2 : 1,
        padding: ((weight.shape[2] as number) - 1) / 2,
        mode: "circular",
      }),
    image.reshape([C, 1, H, W]),
  );
}
