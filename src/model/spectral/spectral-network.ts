import type { Engine } from "../../engine/engine.js";
import { addBias } from "../../engine/ops/elementwise/add-bias.js";
import { matmul } from "../../engine/ops/linear-algebra/matmul.js";
import type { Tape } from "../../engine/recording/tape.js";
import { type ParameterShape, Parameters } from "../../engine/tensors/parameters.js";
import type { Tensor } from "../../engine/tensors/tensor.js";
import { FEATURES } from "./features.js";

/** Widths of the hidden layers. */
export const HIDDEN = [256, 128] as const;

/** Rows of the result; products need a multiple of four, so the last rows are unused. */
export const OUTPUTS = 8;

/** Outputs of a layer are as many as the inputs of the next. */
const WIDTHS = [FEATURES, ...HIDDEN, OUTPUTS];

/** Names and shapes of a network's weights: `layer1.weight` [out, in], `layer1.bias` [out], …. */
export const NETWORK_SHAPES: readonly ParameterShape[] = WIDTHS.slice(1).flatMap((width, i) => [
  { name: `layer${i + 1}.weight`, shape: [width, WIDTHS[i] as number] },
  { name: `layer${i + 1}.bias`, shape: [width] },
]);

/** The first network: three fully connected layers with ReLU in between. */
export class SpectralNetwork {
  readonly parameters: Parameters;

  constructor(engine: Engine, values?: ReadonlyMap<string, Float32Array>) {
    this.parameters = new Parameters(engine, NETWORK_SHAPES, "spectral network");
    if (values) this.parameters.write(values);
  }

  /** Standardized features [1, {@link FEATURES}, P] → [1, {@link OUTPUTS}, P]; P is a multiple of four. */
  forward(tape: Tape, features: Tensor): Tensor {
    const layers = WIDTHS.length - 1;
    let x = features;
    for (let layer = 1; layer <= layers; layer++) {
      const product = times(tape, this.parameters.get(`layer${layer}.weight`), x);
      x = addBias(tape, product, this.parameters.get(`layer${layer}.bias`), { relu: layer < layers });
    }
    return x;
  }
}

/** weight [M, K] · x [1, K, P] → [1, M, P]. */
export function times(tape: Tape, weight: Tensor, x: Tensor): Tensor {
  return matmul(tape, weight.reshape([1, ...weight.shape]), x);
}
