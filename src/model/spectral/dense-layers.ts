/** Layers of each network. */
const LAYERS = 3;

/** One for each symmetry. */
const COLUMNS = 4;

/**
 * Runs three fully connected layers with ReLU in between, for all symmetries of a photo. On the processor: four columns are too few
 * to be worth a way to the GPU and back.
 * @param weights `prefix1.weight` [out, in], `prefix1.bias` [out] and so on.
 * @param later the prefix of all layers but the first.
 * @param x inputs [in, 4], row by row; more rows than the first layer has inputs are not read.
 * @returns outputs [out, 4]
 */
export function denseLayers(
  weights: ReadonlyMap<string, Float32Array>,
  prefix: string,
  x: Float32Array,
  later = prefix,
): Float32Array {
  for (let layer = 1; layer <= LAYERS; layer++) {
    const input = x;
    const name = (layer > 1 ? later : prefix) + layer;
    const weight = weights.get(`${name}.weight`) as Float32Array;
    const bias = weights.get(`${name}.bias`) as Float32Array;
    x = new Float32Array(COLUMNS * bias.length);
    for (let row = 0, place = 0; row < bias.length; row++) {
      let [a, b, c, d] = Array(COLUMNS).fill(bias[row]);
      for (let i = 0; i < (COLUMNS * weight.length) / bias.length; i += COLUMNS) {
        const value = weight[place++];
        a += value * input[i];
        b += value * input[i + 1];
        c += value * input[i + 2];
        d += value * input[i + 3];
      }
      x.set(
        [a, b, c, d].map((sum) => (layer < LAYERS ? Math.max(0, sum) : sum)),
        COLUMNS * row,
      );
    }
  }
  return x;
}
