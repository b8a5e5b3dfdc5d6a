import { RandomStream } from "../../engine/random.js";
import { RANDOM_STREAMS } from "../../engine/random-streams.js";
import { sizeOf } from "../../engine/tensors/tensor.js";
import {
  hyperShapes,
  POLYNOMIALS,
  priorShapes,
  type UsrNetConfig,
} from "../../weights/layouts/usrnet-layout.js";
import type { WeightFile } from "../../weights/weight-file.js";

/** The dimensions of the network that this package trains: a tenth of the multiply-adds of the authors' small one. */
export const SMALL_USRNET: UsrNetConfig = {
  widths: [16, 24, 32],
  blocks: 1,
  iterations: 2,
  firstGuess: "fourier",
  hyper: "polynomial",
};

/**
 * α as 1e-3 + 200 σ²: the noise's variance over that of the errors that a guess has, about 0.005. Without noise, what rounding
 * to 8 bits leaves.
 */
const ALPHA = [1e-3, 0, 200];

/** β falls to the noise level over the iterations: it tells them apart. */
const BETA = [
  [0.04, 1, 0],
  [0.01, 1, 0],
];

/** The part of the standard deviation of a usual start that the last layer of a residual block and others begin with. */
const QUIET = 0.1;

/**
 * A start from which the network learns fast: it hands its image through. Head and tail copy the colors, the residual
 * blocks add little, and what comes up from the lower levels is weak.
 */
export function initialUpscaler(seed: number, config: UsrNetConfig = SMALL_USRNET): WeightFile {
  const tensors = priorShapes(config).map(({ name, shape }, stream) => {
    const random = new RandomStream(seed, RANDOM_STREAMS.upscalerWeights, stream);
    const inputs = sizeOf(shape.slice(1));
    const quiet = /res\.2|m_up\d\.0|tail/.test(name) ? QUIET : 1;
    const data = Float32Array.from(
      { length: sizeOf(shape) },
      () => quiet * Math.sqrt(2 / inputs) * random.normal(),
    );
    if (/head|tail/.test(name)) copyColors(data, shape);
    return [name, { shape, data }] as const;
  });
  const { iterations } = config;
  const polynomials = Array.from({ length: iterations }, () => ALPHA).concat(BETA.slice(-iterations));
  const [hyper] = hyperShapes(config);
  return {
    tensors: new Map([
      ...tensors,
      [POLYNOMIALS, { shape: hyper?.shape ?? [], data: Float32Array.from(polynomials.flat()) }],
    ]),
    metadata: { format: "usrnet", firstGuess: config.firstGuess },
  };
}

/** Sets the taps in the middle so that a color goes to the channel of its number, and nothing else goes there. */
function copyColors(data: Float32Array, [outputs = 0, inputs = 0]: readonly number[]): void {
  for (let o = 0; o < outputs; o++) {
    for (let i = 0; i < inputs; i++) {
      if (o >= 3 && i >= 3) continue;
      if (o < 3) data.fill(0, (o * inputs + i) * 9, (o * inputs + i + 1) * 9);
      if (o === i) data[(o * inputs + i) * 9 + 4] = 1;
    }
  }
}
