import { SYMMETRIES } from "./symmetries.js";

/** Layers of each network. */
const LAYERS = 3;

/**
 * Runs three fully connected layers with ReLU in between, for all symmetries of a photo. On the processor: four columns are too few
 * to be worth a way to the GPU and back.
 * @param weights `prefix1.weight` [out, in], `prefix1.bias` [out] and so on.
 * @param x inputs [in, 4], row by row; more rows than the first layer has inputs are not read.
 * @returns outputs [out, 4]
 */
export function denseLayers(
  weights: ReadonlyMap<string, Float32Array>,
  prefix: string,
  x: Float32Array,
): Float32Array {
  const columns = SYMMETRIES.length;
  for (let layer = 1; layer <= LAYERS; layer++) {
    const input = x;
    const weight = weights.get(`${prefix}${layer}.weight`) as Float32Array;
    const bias = weights.get(`${prefix}${layer}.bias`) as Float32Array;
    const inputs = weight.length / bias.length;
    x = Float32Array.from({ length: bias.length * columns }, (_, i) => {
      const row = Math.floor(i / columns);
      let sum = bias[row];
      for (let j = 0; j < inputs; j++) sum += weight[row * inputs + j] * input[j * columns + (i % columns)];
      return layer < LAYERS ? Math.max(0, sum) : sum;
    });
  }
  return x;
}
