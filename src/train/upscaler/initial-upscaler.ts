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

/**
 * The dimensions of the network that this package trains. It takes a tenth of the multiply-adds of
 * USRNet-tiny.
 */
export const SMALL_USRNET: UsrNetConfig = {
  widths: [16, 24, 32],
  blocks: 1,
  iterations: 2,
  firstGuess: "fourier",
  hyper: "polynomial",
};

/**
 * α = 1e-3 + 200 σ²: the variance of the noise over that of the errors of a guess, about 0.005. The constant
 * is the noise of rounding to 8 bits.
 */
const ALPHA = [1e-3, 0, 200];

/** β falls to the noise level over the iterations, and so tells them apart. */
const BETA = [
  [0.04, 1, 0],
  [0.01, 1, 0],
];

/**
 * Part of the usual standard deviation with which the last layer of a residual block, and some others, begin.
 */
const QUIET = 0.1;

/**
 * An initialization from which the network learns fast, since it passes its image through: head and tail copy
 * the colors, the residual blocks add little, and the lower levels contribute little.
 */
export function initialUpscaler(seed: number, config: UsrNetConfig = SMALL_USRNET): WeightFile {
  const tensors = priorShapes(config).map(({ name, shape }, index) => {
    const random = new RandomStream(seed, RANDOM_STREAMS.upscalerWeights, index);
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

/** Sets the middle taps so that each color goes to the channel of its number, and nothing else does. */
function copyColors(data: Float32Array, [outputs = 0, inputs = 0]: readonly number[]): void {
  for (let o = 0; o < outputs; o++) {
    for (let i = 0; i < inputs; i++) {
      if (o >= 3 && i >= 3) continue;
      if (o < 3) data.fill(0, (o * inputs + i) * 9, (o * inputs + i + 1) * 9);
      if (o === i) data[(o * inputs + i) * 9 + 4] = 1;
    }
  }
}
