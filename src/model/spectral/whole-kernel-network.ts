import type { Engine } from "../../engine/engine.js";
import { add } from "../../engine/ops/elementwise/add.js";
import { addBias } from "../../engine/ops/elementwise/add-bias.js";
import type { Tape } from "../../engine/recording/tape.js";
import { type ParameterShape, Parameters } from "../../engine/tensors/parameters.js";
import type { Tensor } from "../../engine/tensors/tensor.js";
import { PHOTO_FEATURES } from "./features.js";
import { OUTPUTS, times } from "./spectral-network.js";
import { WHOLE_ROWS } from "./whole-reading.js";

/** Widths of the hidden layers. */
const HIDDEN = [384, 192] as const;

/** Names and shapes of the weights. The first layer reads the photo's features and the first network's rows. */
export const WHOLE_SHAPES: readonly ParameterShape[] = [
  { name: "whole1.weight", shape: [HIDDEN[0], PHOTO_FEATURES] },
  { name: "whole1.rows", shape: [HIDDEN[0], OUTPUTS] },
  { name: "whole1.bias", shape: [HIDDEN[0]] },
  { name: "whole2.weight", shape: [HIDDEN[1], HIDDEN[0]] },
  { name: "whole2.bias", shape: [HIDDEN[1]] },
  { name: "whole3.weight", shape: [WHOLE_ROWS, HIDDEN[1]] },
  { name: "whole3.bias", shape: [WHOLE_ROWS] },
];

/** The second network: three fully connected layers that correct what the first one says, and say the whole kernel. */
export class WholeKernelNetwork {
  readonly parameters: Parameters;

  constructor(engine: Engine, values: ReadonlyMap<string, Float32Array>) {
    this.parameters = new Parameters(engine, WHOLE_SHAPES, "whole-kernel network");
    this.parameters.write(values);
  }

  /** Features [1, {@link PHOTO_FEATURES}, P] and rows of the first network [1, 8, P] → [1, {@link WHOLE_ROWS}, P]. */
  forward(tape: Tape, features: Tensor, rows: Tensor): Tensor {
    const get = (name: string): Tensor => this.parameters.get(`whole${name}`);
    const product = add(tape, times(tape, get("1.weight"), features), times(tape, get("1.rows"), rows));
    const first = addBias(tape, product, get("1.bias"), { relu: true });
    const second = addBias(tape, times(tape, get("2.weight"), first), get("2.bias"), { relu: true });
    return addBias(tape, times(tape, get("3.weight"), second), get("3.bias"));
  }
}
