import { threefry2x32 } from "../../src/engine/random.js";

/** Some values of a tensor, or all of them where there are no indices. */
export interface Samples {
  readonly indices?: readonly number[];
  readonly values: readonly number[];
}

/** A gradient: its L2 norm, and some or all of its elements. */
export interface GradientSamples extends Samples {
  readonly norm: number;
}

/** How to make one weight tensor. */
export interface TensorSpec {
  readonly name: string;
  readonly shape: readonly number[];
  readonly stream: number;
  readonly scale: number;
  readonly offset: number;
}

/** One step's losses before its updates: adversarial, the generator's total, the discriminator's. */
export type StepLosses = readonly [number, number, number];

/** `test/fixtures/adaptation.json`, as `tools/reference/make_fixture.py` writes it. */
export interface AdaptationFixture {
  readonly about: string;
  readonly format: Readonly<Record<string, string>>;
  readonly seed: number;
  /** In the order of their streams. */
  readonly tensors: readonly TensorSpec[];
  /** Generated values, to hold the generation itself to. */
  readonly tensorSamples: Readonly<Record<string, Samples>>;
  readonly image: {
    readonly width: number;
    readonly height: number;
    readonly stream: number;
    readonly levelSum: number;
    readonly indices: readonly number[];
    readonly levels: readonly number[];
  };
  readonly rates: { readonly generator: number; readonly discriminator: number };
  /** `[top, left]` of every step's 64×64 patch. */
  readonly patches: readonly (readonly [number, number])[];
  /** 11×11 values row by row; the key is the number of steps taken. */
  readonly kernels: Readonly<Record<string, readonly number[]>>;
  readonly losses: readonly StepLosses[];
  /** Of step 1. */
  readonly gradients: Readonly<Record<string, GradientSamples>>;
  /** Power-iteration vectors of two layers after step 2. */
  readonly power: Readonly<Record<string, readonly number[]>>;
  /** How far a float32 run on a CPU is from this float64 trace. */
  readonly float32Deviation: {
    readonly note: string;
    readonly kernels: Readonly<Record<string, number>>;
    readonly gradients: Readonly<Record<string, number>>;
  };
  /** The first steps again, with noise on the discriminator's inputs in its own step. */
  readonly noise: {
    readonly stream: number;
    readonly sigma: number;
    readonly first: readonly number[];
    readonly lastOfStep1: readonly number[];
    readonly kernels: Readonly<Record<string, readonly number[]>>;
    readonly losses: readonly StepLosses[];
    readonly gradients: Readonly<Record<string, GradientSamples>>;
  };
}

/** A weight tensor. */
export interface SyntheticTensor {
  readonly shape: readonly number[];
  readonly data: Float32Array;
}

/** Every tensor of the fixture's weights, in its order, bit for bit as the reference made them. */
export function syntheticWeights(fixture: AdaptationFixture): Map<string, SyntheticTensor> {
  const weights = new Map<string, SyntheticTensor>();
  for (const { name, shape, stream, scale, offset } of fixture.tensors) {
    const data = new Float32Array(shape.reduce((product, size) => product * size, 1));
    for (let i = 0; i < data.length; i++) {
      const [word] = threefry2x32([fixture.seed, stream], [i, 0]);
      data[i] = scale * ((word >>> 8) * 2 ** -23 - 1) + offset;
    }
    weights.set(name, { shape, data });
  }
  return weights;
}

/** The fixture's image, planar RGB in [0, 1], bit for bit as the reference made it. */
export function syntheticImage(fixture: AdaptationFixture): {
  width: number;
  height: number;
  data: Float32Array;
} {
  const { width, height, stream } = fixture.image;
  const data = new Float32Array(3 * width * height);
  for (let i = 0; i < data.length; i++) {
    const x = i % width;
    const y = Math.floor(i / width) % height;
    const c = Math.floor(i / (width * height));
    let level = 60 + ((wave(5 * x + 3 * y + 40 * c) * wave(7 * y - 2 * x + 512 + 30 * c)) >> 7);
    if ((x - 30) ** 2 + (y - 36) ** 2 < 400) level += 60;
    if (x + 2 * y > 150) level -= 45;
    if (x > 60 && ((x >> 2) + (y >> 3)) % 2 === 1) level += 50;
    const [word] = threefry2x32([fixture.seed, stream], [i, 0]);
    level += (word >>> 28) - 8;
    data[i] = Math.min(Math.max(level, 0), 255) / 255;
  }
  return { width, height, data };
}

/** An integer triangle of period 256, values 0 to 127. */
function wave(t: number): number {
  return t % 256 < 128 ? t % 128 : 127 - (t % 128);
}

/**
 * The noise of one step (from 0), shape [2, 3, 32, 32]: first for the real patch, then for the fake. Equal to the
 * reference's but for the last bit, where logarithm, sine and cosine may round differently.
 */
export function syntheticNoise(fixture: AdaptationFixture, step: number): Float32Array {
  const { stream, sigma } = fixture.noise;
  const data = new Float32Array(2 * 3 * 32 * 32);
  for (let i = 0; i < data.length / 2; i++) {
    const [w0, w1] = threefry2x32([fixture.seed, stream], [i, step]);
    const radius = Math.sqrt(-2 * Math.log(((w0 >>> 8) + 1) / 2 ** 24));
    const angle = 2 * Math.PI * ((w1 >>> 8) / 2 ** 24);
    data[2 * i] = sigma * (radius * Math.cos(angle));
    data[2 * i + 1] = sigma * (radius * Math.sin(angle));
  }
  return data;
}
