import { conv3x3 } from "../../engine/ops/convolution/conv3x3.js";
import { add } from "../../engine/ops/elementwise/add.js";
import { inverseRealFft2d, realFft2d } from "../../engine/ops/fft/fft.js";
import type { Parameters } from "../../engine/optimizers/parameters.js";
import type { Tape } from "../../engine/recording/tape.js";
import type { Tensor } from "../../engine/tensors/tensor.js";
import { blockCount, FILM_KINDS, GUESS_COUNT, type GuidedConfig } from "../../model/guided/layout.js";
import { guidedPicture, guidedPlanes } from "../../model/guided/planes.js";
import { knownRest } from "./operations/known-rest.js";
import { linear } from "./operations/linear.js";
import { picturePlanes, pixelShuffle } from "./operations/pixel-shuffle.js";
import { foldSpectrum, spreadSpectrum } from "./operations/sampled-blur.js";
import { scalePlanes } from "./operations/scale-planes.js";
import { splitColumns } from "./operations/split-columns.js";
import { trustData } from "./operations/trust-data.js";

/** What the network sees of N images. */
export interface NetworkInputs {
  /** [N, 3, h, w] */
  readonly small: Tensor;
  /** The closed-form guesses [N, 3, s·h, s·w]. */
  readonly sharpGuess: Tensor;
  readonly smoothGuess: Tensor;
  /** [N, 13]: see `standardized`. */
  readonly conditions: Tensor;
  /** [N]: the weight of the picture against the data where the conditions add nothing, see `ownAlpha`. */
  readonly base: Tensor;
  /** [N, s·h, s·w]: the kernels of the guesses, their middle on the first pixel, wrapped around. */
  readonly kernels: Tensor;
}

/**
 * The guided network as it is trained: the same as `GuidedNetwork`, but its conditions' network runs on the device, and everything
 * that depends on the weights has a gradient. Returns the pictures [N, 3, s·h, s·w].
 * @param rim width in small pixels of the border where the data steps change nothing, since the blur mixes in what is not known.
 */
export function trainingNetwork(
  tape: Tape,
  parameters: Parameters,
  config: GuidedConfig,
  inputs: NetworkInputs,
  rim: number,
): Tensor {
  const { scale, blocks } = config;
  const { small, sharpGuess, smoothGuess } = inputs;
  const { films, gates, trusts } = toldBy(tape, parameters, config, inputs.conditions);
  const data = dataSteps(tape, inputs, scale, rim);
  const convolve = (x: Tensor, name: string, residual?: Tensor): Tensor =>
    conv3x3(tape, x, parameters.get(`${name}.weight`), { bias: parameters.get(`${name}.bias`), residual });
  let picture = base(tape, inputs, gates, scale);
  let x = convolve(guidedPlanes(tape, { small, sharp: sharpGuess, smooth: smoothGuess, scale }), "head");
  let block = 0;
  for (const [stage, count] of blocks.entries()) {
    if (stage > 0) x = convolve(picturePlanes(tape, small, picture, scale), `again.${stage - 1}`, x);
    for (const last = block + count; block < last; block++) {
      const [factors, shifts, weights] = films.slice(block * FILM_KINDS) as [Tensor, Tensor, Tensor];
      const inner = convolve(x, `first.${block}`);
      const seen = scalePlanes(tape, inner, { factors, offset: 1, shifts, relu: true });
      const outer = convolve(seen, `second.${block}`);
      x = scalePlanes(tape, outer, { factors: weights, offset: 1, residual: x });
    }
    const added = pixelShuffle(tape, convolve(x, `tail.${stage}`), scale);
    picture = data(add(tape, picture, added), trusts[stage] as Tensor);
  }
  return picture;
}

/** What the conditions' network says: [N, channels] three times a block, and [N, 1] for each guess and stage. */
function toldBy(
  tape: Tape,
  parameters: Parameters,
  config: GuidedConfig,
  conditions: Tensor,
): Record<"films" | "gates" | "trusts", Tensor[]> {
  const layer = (name: string) => ({
    weight: parameters.get(`${name}.weight`),
    bias: parameters.get(`${name}.bias`),
  });
  const hidden = linear(tape, conditions, layer("conditions_in"), { relu: true });
  const films = new Array<number>(blockCount(config) * FILM_KINDS).fill(config.channels);
  const others = new Array<number>(GUESS_COUNT + config.blocks.length).fill(1);
  const parts = splitColumns(tape, linear(tape, hidden, layer("conditions_out")), [...films, ...others]);
  const end = films.length + GUESS_COUNT;
  return {
    films: parts.slice(0, films.length),
    gates: parts.slice(films.length, end),
    trusts: parts.slice(end),
  };
}

/** The bicubic enlargement, moved toward the guesses by their gates. */
function base(
  tape: Tape,
  { small, sharpGuess, smoothGuess }: NetworkInputs,
  gates: readonly Tensor[],
  scale: number,
): Tensor {
  const [N = 0, , h = 0, w = 0] = small.shape;
  const nothing = tape.tensor([N, 3 * scale ** 2, h, w], "nothing added");
  const bicubic = guidedPicture(tape, nothing, {
    small,
    sharp: sharpGuess,
    smooth: smoothGuess,
    scale,
    gates: tape.tensor([N, GUESS_COUNT], "closed gates"),
  });
  const minus = tape.constant(new Float32Array(N).fill(-1));
  return [sharpGuess, smoothGuess].reduce((picture, guess, i) => {
    const difference = scalePlanes(tape, bicubic, { factors: minus, offset: 0, residual: guess });
    return scalePlanes(tape, difference, { factors: gates[i] as Tensor, offset: 0, residual: picture });
  }, bicubic);
}

/**
 * USRNet's data step with the trust of a stage: z = x + Bᵀ (B Bᵀ + α)⁻¹ M (y − B x), where M leaves out the rim and α follows from
 * the trust.
 */
function dataSteps(
  tape: Tape,
  { small, kernels, base }: NetworkInputs,
  scale: number,
  rim: number,
): (x: Tensor, trust: Tensor) => Tensor {
  const [N = 0, , h = 0, w = 0] = small.shape;
  const blur = { blur: realFft2d(tape, kernels), scale, size: [h, w] as const };
  const ones = Float32Array.from({ length: N * h * (Math.floor(w / 2) + 1) * 2 }, (_, i) => 1 - (i % 2));
  const impulses = tape.constant(ones).reshape([N, h, Math.floor(w / 2) + 1, 2]);
  const power = foldSpectrum(tape, spreadSpectrum(tape, impulses, blur), blur);
  return (x, trust) => {
    const spectrum = realFft2d(tape, x.reshape([3 * N, h * scale, w * scale]));
    const blurred = inverseRealFft2d(tape, foldSpectrum(tape, spectrum, blur), w);
    const rest = realFft2d(tape, knownRest(tape, small, blurred, rim));
    const change = spreadSpectrum(tape, trustData(tape, rest, { power, base, trust }), blur);
    return add(tape, x, inverseRealFft2d(tape, change, w * scale).reshape(x.shape));
  };
}
