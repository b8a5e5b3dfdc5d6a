import shader from "../../../shaders/elementwise/gaussian_noise.wgsl";
import { elementwise } from "../../recording/launch.js";
import type { StepCounter } from "../../recording/step-counter.js";
import type { Tape } from "../../recording/tape.js";
import type { Tensor } from "../../tensors/tensor.js";

/** Options of {@link gaussianNoise}. */
export interface NoiseOptions {
  /** Standard deviation, in the units of x. */
  readonly sigma: number;
  readonly counter: StepCounter;
  /** Number that tells the draws of one step apart. */
  readonly stream: number;
}

/**
 * x plus normal noise, for x of any shape. The noise depends only on the seed, the stream, the step and the
 * place (Threefry-2x32), so that it is the same on every device and in every replay. There is no gradient.
 */
export function gaussianNoise(tape: Tape, x: Tensor, options: NoiseOptions): Tensor {
  const { sigma, counter, stream } = options;
  const y = tape.tensor(x.shape, "noisy");
  tape.dispatch({
    shader,
    bindings: { x, counter: counter.tensor, y },
    ...elementwise(tape, Math.ceil(x.size / 2), { COUNT: x.size, SIGMA: sigma, STREAM: stream }),
  });
  return y;
}
