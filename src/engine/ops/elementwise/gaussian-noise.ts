import shader from "../../../shaders/elementwise/gaussian_noise.wgsl";
import { elementwise } from "../../recording/launch.js";
import type { StepCounter } from "../../recording/step-counter.js";
import type { Tape } from "../../recording/tape.js";
import type { Tensor } from "../../tensors/tensor.js";

/** What noise {@link gaussianNoise} adds. */
export interface NoiseOptions {
  /** Standard deviation, in the units of x. */
  readonly sigma: number;
  readonly counter: StepCounter;
  /** Keeps several draws of one step apart. */
  readonly stream: number;
}

/**
 * x plus normal noise, of any shape. The noise is a function of the seed, the stream, the step and the place alone
 * (Threefry-2x32), so it is the same wherever and how often it is made. It
 * has no gradient: the inputs of a discriminator's own step are given.
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
