import type { Engine } from "../../engine/device/engine.js";
import { addBias } from "../../engine/ops/elementwise/add-bias.js";
import { matmul } from "../../engine/ops/linear-algebra/matmul.js";
import { Parameters } from "../../engine/optimizers/parameters.js";
import type { Tape } from "../../engine/recording/tape.js";
import type { Tensor } from "../../engine/tensors/tensor.js";
import { NETWORK_SHAPES } from "./network-shapes.js";

/** The first network: three fully connected layers with ReLU in between. */
export class SpectralNetwork {
  readonly parameters: Parameters;

  constructor(engine: Engine, values?: ReadonlyMap<string, Float32Array>) {
    this.parameters = new Parameters(engine, NETWORK_SHAPES, "spectral network");
    if (values) this.parameters.write(values);
  }

  /** Standardized features [1, {@link FEATURES}, P] → [1, {@link OUTPUTS}, P]; P is a multiple of four. */
  forward(tape: Tape, features: Tensor): Tensor {
    const layers = NETWORK_SHAPES.length / 2;
    let x = features;
    for (let layer = 1; layer <= layers; layer++) {
      const weight = this.parameters.get(`layer${layer}.weight`);
      const product = matmul(tape, weight.reshape([1, ...weight.shape]), x);
      x = addBias(tape, product, this.parameters.get(`layer${layer}.bias`), { relu: layer < layers });
    }
    return x;
  }
}
