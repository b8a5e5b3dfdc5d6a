import { RandomStream } from "../engine/random.js";
import type { GaussianShape } from "./degradation/gaussian-kernel.js";
import { randomGaussian } from "./degradation/random-kernel.js";
import type { GanWeights } from "./gan-weights.js";

const STREAM = 44;
const CHANNELS = 64;

/** Centre of a ×2 kernel within the first layer's 7×7: the two 3×3 layers add one pixel each on all sides. */
const CENTRE = 2.5;
const SIZE = 7;

/** Largest variance of one of the 3×3 layers, that of [¼, ½, ¼]. */
const WIDEST = 0.5;

/**
 * Sum of the start's kernel. The further it is below 1, the smaller are all layers, and with them the steps of the inner
 * loop: a sum of 1 would make its first steps overshoot.
 */
const SUM = 0.25;

/**
 * Part of the distribution's mean that is taken off all channels but the first, which gets it instead. It leaves the
 * kernel as it is, but a step then changes its shape more and its sum less.
 */
const SHARED = 0.5;

/** Variance of the distribution's mean. */
const MEAN_VARIANCE = 2.675;

/**
 * A start for the generator, whose channels are 64 Gaussians of the paper's
 * distribution, less half of a mean one, each made by its own 7×7 and 3×3 kernels; the 1×1 layers pass them on, and the
 * last adds them up. A gradient step then mixes Gaussians into the kernel. With random layers it would mix in noise, of
 * which meta-training rids them only slowly.
 */
export function gaussianBank(seed: number): GanWeights {
  const random = new RandomStream(seed, STREAM);
  const bank = Array.from({ length: CHANNELS }, () => randomGaussian(random));
  // The layers share the kernel's sum alike.
  const scale = SUM ** (1 / 6);
  const narrow = bank.map(narrowVariance);
  const diagonal = (taps: (channel: number) => ArrayLike<number>): Float32Array => {
    const area = taps(0).length;
    const layer = new Float32Array(CHANNELS * CHANNELS * area);
    for (let c = 0; c < CHANNELS; c++) {
      layer.set(
        Float32Array.from(taps(c), (tap) => scale * tap),
        (c * CHANNELS + c) * area,
      );
    }
    return layer;
  };
  const first = bank.flatMap((shape, c) => {
    const less = 2 * (narrow[c] as number);
    const mean = sevenBySeven({ lambda1: MEAN_VARIANCE, lambda2: MEAN_VARIANCE, theta: 0 }, less);
    if (c === 0) return mean;
    return sevenBySeven(shape, less).map((tap, i) => tap - SHARED * (mean[i] as number));
  });
  const last = new Float32Array(CHANNELS).fill(scale / CHANNELS);
  last[0] = scale * (1 / CHANNELS + SHARED * (1 - 1 / CHANNELS));
  const three = diagonal((c) => threeByThree(narrow[c] as number));
  const one = diagonal(() => [1]);
  return new Map([
    ["generator.0.weight", Float32Array.from(first, (tap) => scale * tap)],
    ["generator.1.weight", three],
    ["generator.2.weight", three.slice()],
    ["generator.3.weight", one],
    ["generator.4.weight", one.slice()],
    ["generator.5.weight", last],
  ]);
}

/** Variance of each 3×3 layer, on both axes: a quarter of the Gaussian's smaller one leaves half of it for the 7×7. */
function narrowVariance({ lambda1, lambda2 }: GaussianShape): number {
  return Math.min(WIDEST, Math.min(lambda1, lambda2) / 4);
}

/** Sum 1, row by row. */
function threeByThree(variance: number): number[] {
  const line = [variance / 2, 1 - variance, variance / 2];
  return line.flatMap((a) => line.map((b) => a * b));
}

/** A Gaussian less a variance on both axes; sum 1, row by row. */
function sevenBySeven({ lambda1, lambda2, theta }: GaussianShape, less: number): number[] {
  const [cos, sin] = [Math.cos(theta), Math.sin(theta)];
  const values = Array.from({ length: SIZE ** 2 }, (_, i) => {
    const [x, y] = [(i % SIZE) - CENTRE, Math.floor(i / SIZE) - CENTRE];
    const [along, across] = [cos * x + sin * y, cos * y - sin * x];
    return Math.exp(-(along ** 2 / (lambda1 - less) + across ** 2 / (lambda2 - less)) / 2);
  });
  const sum = values.reduce((total, value) => total + value);
  return values.map((value) => value / sum);
}
