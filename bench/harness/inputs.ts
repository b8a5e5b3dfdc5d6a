import { RandomStream } from "../../src/engine/random.js";
import { selfTestWeights } from "../../src/estimate/self-test/self-test.js";
import { randomKernel } from "../../src/kernel/families/random-kernel.js";
import type { GanWeights } from "../../src/model/gan/gan-weights.js";
import {
  DISCRIMINATOR_PARAMETERS,
  GAN_TENSORS,
  GENERATOR_PARAMETERS,
} from "../../src/weights/layouts/gan-layout.js";
import { PRIOR_INPUTS, priorShapes, USRNET_TINY } from "../../src/weights/layouts/usrnet-layout.js";

/** An array with its sizes, row-major. */
export interface NamedTensor {
  readonly shape: readonly number[];
  readonly data: Float32Array;
}

/** Inputs of every participant. They come from fixed seeds, so they are equal to the bit on every machine. */
export interface Inputs {
  /** Every tensor of both networks, in the layout of PyTorch: a convolution is [out, in, height, width]. */
  readonly tensors: Readonly<Record<string, NamedTensor>>;
  /** Names of the trained tensors. */
  readonly generator: readonly string[];
  readonly discriminator: readonly string[];
  /** [3, 64, 64] */
  readonly patch: NamedTensor;
  /** [3, 32, 32]: the top-left quarter of the patch. */
  readonly quarter: NamedTensor;
  /** [3, 32, 32]: ±2 at random, so far from the output that rounding cannot flip the sign of a difference. */
  readonly target: NamedTensor;
  readonly meta: MetaInputs;
  readonly resUNet: ResUNetInputs;
}

/** Weights and images for USRNet-tiny's prior network. */
export interface ResUNetInputs {
  /** In PyTorch's layout: convolutions [out, in, height, width], transposed ones [in, out, height, width]. */
  readonly weights: Readonly<Record<string, NamedTensor>>;
  /** [4, side, side], keyed by side. */
  readonly images: Readonly<Record<number, NamedTensor>>;
}

/** A task of meta-training, already degraded. */
export interface MetaInputs {
  /** [3, 96, 96] */
  readonly parent: NamedTensor;
  /** [3, 48, 48] */
  readonly child: NamedTensor;
  /** [11, 11] */
  readonly kernel: NamedTensor;
  /** [25, 2], [5, 2]: top and left. */
  readonly windows: NamedTensor;
  readonly evaluationWindows: NamedTensor;
}

/**
 * Chosen so that no ReLU in the checked passes is close enough to its kink for rounding to flip it: no tolerance could
 * allow for that.
 */
const SEEDS = { patch: 54, meta: 10, resUNet: 1 };
const SIDE = 64;

export function makeInputs(seeds = SEEDS): Inputs {
  const weights = selfTestWeights();
  const patch = edgesAndNoise(new RandomStream(seeds.patch, 0));
  const stream = (number: number): RandomStream => new RandomStream(seeds.meta, number);
  return {
    tensors: Object.fromEntries(
      GAN_TENSORS.map(({ name, shape }) => [name, { shape, data: weights.get(name) as Float32Array }]),
    ),
    generator: GENERATOR_PARAMETERS.map(({ name }) => name),
    discriminator: DISCRIMINATOR_PARAMETERS.map(({ name }) => name),
    patch: { shape: [3, SIDE, SIDE], data: patch },
    quarter: { shape: [3, SIDE / 2, SIDE / 2], data: topLeftQuarter(patch) },
    target: uniform(new RandomStream(seeds.patch, 1), [3, SIDE / 2, SIDE / 2], (value) =>
      value < 0.5 ? -2 : 2,
    ),
    meta: {
      parent: uniform(stream(0), [3, 96, 96]),
      child: uniform(stream(1), [3, 48, 48]),
      kernel: { shape: [11, 11], data: Float32Array.from(randomKernel(stream(2)).values) },
      windows: uniform(stream(3), [25, 2], corner),
      evaluationWindows: uniform(stream(4), [5, 2], corner),
    },
    resUNet: resUNetInputs(new RandomStream(seeds.resUNet, 0)),
  };
}

/** Weights that keep the variance of the features about constant through the network. */
function resUNetInputs(random: RandomStream): ResUNetInputs {
  const weights = priorShapes(USRNET_TINY).map(({ name, shape }) => {
    const [, inputs = 0, height = 0, width = 0] = shape;
    const bound = Math.sqrt(3 / (inputs * height * width));
    return [name, uniform(random, shape, (value) => bound * (2 * value - 1))] as const;
  });
  return {
    weights: Object.fromEntries(weights),
    images: Object.fromEntries([128, 256].map((side) => [side, uniform(random, [PRIOR_INPUTS, side, side])])),
  };
}

/** The weights in the format of the package. */
export function weightsOf({ tensors }: Inputs): GanWeights {
  return new Map(Object.entries(tensors).map(([name, { data }]) => [name, data]));
}

/** A bias before a BatchNorm has no effect. Its gradient is only rounding error, so it is not compared. */
export function isIdleBias(name: string): boolean {
  return /^discriminator\.conv\.[0-5]\.bias$/.test(name);
}

function uniform(
  random: RandomStream,
  shape: readonly number[],
  map = (value: number): number => value,
): NamedTensor {
  const length = shape.reduce((product, size) => product * size, 1);
  return { shape, data: Float32Array.from({ length }, () => map(random.uniform())) };
}

/** Maps [0, 1) to the corner of a 32×32 window in a 48×48 image. */
function corner(value: number): number {
  return Math.floor(17 * value);
}

function edgesAndNoise(random: RandomStream): Float32Array {
  return Float32Array.from({ length: 3 * SIDE ** 2 }, (_, i) => {
    const x = i % SIDE;
    const y = Math.floor(i / SIDE) % SIDE;
    const edge = (x + 2 * y) % 40 < 13 ? 0.4 : 0.1;
    return edge + 0.3 * random.uniform();
  });
}

function topLeftQuarter(planes: Float32Array): Float32Array {
  const side = SIDE / 2;
  return Float32Array.from({ length: 3 * side * side }, (_, i) => {
    const [plane, row, column] = [Math.floor(i / side ** 2), Math.floor(i / side) % side, i % side];
    return planes[(plane * SIDE + row) * SIDE + column] as number;
  });
}
