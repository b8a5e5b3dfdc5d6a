import { BRIGHTNESS_NOISE } from "../../image/gray.js";
import type { Covariance } from "../../kernel/metrics/kernel-metrics.js";
import type { PhotoKind } from "../spectral/whole-reading.js";
import { blockCount, CONDITION_HIDDEN, FILM_KINDS, GUESS_COUNT, type GuidedConfig } from "./layout.js";

/** The picture's error before a data step where the conditions add nothing, in 255ths. */
const ERROR = 8;

/** What the network is told of an image. */
export interface Conditions {
  /** Standard deviation of the noise, in 255ths. */
  readonly noise: number;
  /** Likely K-COV of the kernel, in square pixels of the large image. */
  readonly error: number;
  /** How far the kernel is from a Gaussian, likely: root of the sum of squared differences. */
  readonly nonGaussianity: number;
  /** Of the kernel, in square pixels of the large image. */
  readonly covariance: Covariance;
  /** Noise levels by which the two guesses were made, in 255ths. */
  readonly sigmas: readonly [sharp: number, smooth: number];
  /** What kind of picture it is; {@link unknownPhoto} unless given. */
  readonly photo?: PhotoKind;
}

/** A photo of which nothing but the noise is known. */
export function unknownPhoto(noise: number): PhotoKind {
  return {
    brightnessNoise: BRIGHTNESS_NOISE * noise,
    camera: 0.5,
    compressed: 0.5,
    quality: 80,
    gaussian: 0.5,
  };
}

/** What follows from the conditions. */
export interface Told {
  /** How far the base moves from the bicubic enlargement toward each guess. */
  readonly gates: readonly number[];
  /** By what each block's inner channels are scaled (less 1) and shifted, and its outer ones scaled (less 1): [blocks, 3, channels]. */
  readonly films: Float32Array;
  /** The weight of the picture against the data in each stage's data step. */
  readonly alphas: readonly number[];
}

/** Conditions in their order, [13], brought to about the same size. */
export function standardized({
  noise,
  error,
  nonGaussianity,
  covariance,
  sigmas,
  photo = unknownPhoto(noise),
}: Conditions): number[] {
  const { xx, xy, yy } = covariance;
  const [sharp, smooth] = sigmas;
  const { brightnessNoise, camera, compressed, quality, gaussian } = photo;
  return [
    noise / 10,
    error,
    nonGaussianity * 25,
    xx / 4 - 0.75,
    xy / 2,
    yy / 4 - 0.75,
    Math.log(sharp) / 2,
    Math.log(smooth) - Math.log(6),
    brightnessNoise / 10,
    2 * camera - 1,
    2 * compressed - 1,
    (compressed * (100 - quality)) / 50,
    2 * gaussian - 1,
  ];
}

/** The weight of the picture against the data in a data step where the conditions add nothing. */
export function ownAlpha({ sigmas }: Conditions): number {
  return (sigmas[0] / ERROR) ** 2;
}

/** Runs the small fully connected network of the conditions. */
export function told(
  weights: ReadonlyMap<string, Float32Array>,
  config: GuidedConfig,
  conditions: Conditions,
): Told {
  const get = (name: string): Float32Array => weights.get(name) as Float32Array;
  const layer = (name: string, input: readonly number[], outputs: number): number[] =>
    Array.from({ length: outputs }, (_, row) =>
      input.reduce(
        (sum, value, i) => sum + get(`${name}.weight`)[row * input.length + i] * value,
        get(`${name}.bias`)[row],
      ),
    );
  const hidden = layer("conditions_in", standardized(conditions), CONDITION_HIDDEN);
  const count = blockCount(config) * FILM_KINDS * config.channels;
  const out = layer(
    "conditions_out",
    hidden.map((value) => Math.max(value, 0)),
    count + GUESS_COUNT + config.blocks.length,
  );
  return {
    films: Float32Array.from(out.slice(0, count)),
    gates: out.slice(count, count + GUESS_COUNT),
    alphas: out.slice(count + GUESS_COUNT).map((trust) => ownAlpha(conditions) * Math.exp(trust)),
  };
}
