import type { Engine } from "../../engine/device/engine.js";
import { unfold } from "../../engine/ops/convolution/unfold.js";
import { matmul } from "../../engine/ops/linear-algebra/matmul.js";
import { type ChainHead, normalizedLayers } from "../../engine/ops/normalization/normalized-layers.js";
import { spectralNorm } from "../../engine/ops/normalization/spectral-norm.js";
import { Parameters } from "../../engine/optimizers/parameters.js";
import type { Tape } from "../../engine/recording/tape.js";
import type { Tensor } from "../../engine/tensors/tensor.js";
import {
  DISCRIMINATOR_CONVOLUTIONS,
  DISCRIMINATOR_PARAMETERS,
  DISCRIMINATOR_VECTORS,
} from "../../weights/layouts/gan-layout.js";

/**
 * The patch discriminator: convolution 7×7, five 1×1 convolutions each followed by BatchNorm and ReLU, and a 1×1
 * convolution to one channel, all spectrally normalized. Two facts make it cheaper than it is drawn. The biases before a
 * BatchNorm cannot change its output, so they are left out and stay as they are. And nothing lies between the 7×7 and
 * the first 1×1 convolution, so the two matrices are multiplied first and applied as one.
 */
export class Discriminator {
  readonly parameters: Parameters;
  readonly vectors: Parameters;

  constructor(private readonly engine: Engine) {
    this.parameters = new Parameters(engine, DISCRIMINATOR_PARAMETERS, "discriminator");
    this.vectors = new Parameters(engine, DISCRIMINATOR_VECTORS, "power-iteration vectors");
  }

  /**
   * Logits of how real each 7×7 neighborhood looks: x [N, 3, H, W] → [N, (H − 6) · (W − 6)]. Each item is a forward
   * pass of its own: the power iterations go on from one to the next, and BatchNorm never mixes them. H and W are even.
   */
  logits(tape: Tape, x: Tensor): Tensor {
    const maps = this.read(tape, x);
    return maps.reshape([x.shape[0] as number, maps.shape[2] as number]);
  }

  /**
   * What a head of K channels reads off the layers below the last one: x [N, 3, H, W] → [N, K, (H − 6) · (W − 6)].
   * @param other the head, of which the last convolution takes the place unless it is given.
   */
  read(tape: Tape, x: Tensor, other?: ChainHead): Tensor {
    const conv = spectralNorm(
      tape,
      DISCRIMINATOR_CONVOLUTIONS.slice(0, other ? -1 : undefined).map((_, layer) => ({
        weight: this.parameters.get(`discriminator.conv.${layer}.weight_orig`),
        u: this.vectors.get(`discriminator.conv.${layer}.weight_u`),
        v: this.vectors.get(`discriminator.conv.${layer}.weight_v`),
      })),
      x.shape[0] as number,
    );
    const head = other ?? {
      weight: conv.pop() as Tensor,
      bias: this.parameters.get("discriminator.conv.6.bias"),
    };
    const [first, second, ...rest] = conv as [Tensor, Tensor, ...Tensor[]];
    const layers = [matmul(tape, second, first), ...rest].map((weight, layer) => ({
      weight,
      gamma: this.parameters.get(`discriminator.bn.${layer}.weight`),
      beta: this.parameters.get(`discriminator.bn.${layer}.bias`),
    }));
    return normalizedLayers(tape, unfold(tape, x, 7), layers, head);
  }

  /** Frees the weights and the vectors. */
  dispose(): void {
    this.engine.free(this.parameters.whole);
    this.engine.free(this.vectors.whole);
  }
}
