import type { GanWeights } from "./gan-weights.js";

const CHANNELS = 64;

/** Center of a ×2 kernel within the first layer's 7×7: the two 3×3 layers add one pixel each on all sides. */
const CENTER = 2.5;
const SIZE = 7;

/** Variance of each of the 3×3 layers, that of [¼, ½, ¼]. */
const NARROW = 0.5;

/** Variance of the Gaussian: a little above the mean of the paper's distribution, since the 7×7 kernel cuts it off. */
const VARIANCE = 2.75;

/** Length of each derivative, by its order: how far a step of the generator moves the kernel along it. */
const GAINS = [
  { order: 2, gain: 1.6 },
  { order: 4, gain: 0.48 },
  { order: 6, gain: 0.16 },
] as const;

/**
 * How the first channel's scale is shared out among the layers, with a product of 1: in proportion to the root of the weights that
 * a layer has for an input, so that a step changes the sum of the kernel as little as it can.
 */
const LAYER_WEIGHTS: readonly number[] = [49, 9, 9, 1, 1, 1];

/**
 * A start for the generator: one round Gaussian, which is its kernel, and the Gaussian's derivatives of even order ready to be mixed in,
 * each in a channel of its own. A step then widens the kernel, narrows it or leans it over. Random layers would mix in
 * noise, of which meta-training rids them only slowly. The derivatives of second order are the three ways to change a
 * covariance; odd ones would move the kernel, and it lies where it has to.
 */
export function generatorInitialization(): GanWeights {
  const root = LAYER_WEIGHTS.reduce((product, weights) => product * weights, 1) ** (1 / 12);
  const shares = LAYER_WEIGHTS.map((weights) => Math.sqrt(weights) / root);
  const filters = derivatives();
  const layer = (taps: readonly number[], share: number): Float32Array => {
    const values = new Float32Array(CHANNELS * CHANNELS * taps.length);
    for (let c = 0; c < CHANNELS; c++) {
      const scaled = taps.map((tap) => (c === 0 ? share : 1) * tap);
      values.set(scaled, (c * CHANNELS + c) * taps.length);
    }
    return values;
  };
  const first = new Float32Array(CHANNELS * SIZE ** 2);
  filters.forEach((filter, c) => {
    first.set(c === 0 ? filter.map((tap) => (shares[0] as number) * tap) : filter, c * SIZE ** 2);
  });
  const last = new Float32Array(CHANNELS);
  last[0] = shares[5] as number;
  return new Map([
    ["generator.0.weight", first],
    ["generator.1.weight", layer(NARROW_FILTER, shares[1] as number)],
    ["generator.2.weight", layer(NARROW_FILTER, shares[2] as number)],
    ["generator.3.weight", layer([1], shares[3] as number)],
    ["generator.4.weight", layer([1], shares[4] as number)],
    ["generator.5.weight", last],
  ]);
}

/** [¼, ½, ¼] on both axes. */
const NARROW_FILTER = [1, 2, 1].flatMap((a) => [1, 2, 1].map((b) => (a * b) / 16));

/**
 * 7×7 filters: the Gaussian, of sum 1, then its derivatives, of sum 0. In polar coordinates those of order n are
 * r^m L_k(r² / 2) cos mφ and sin mφ times the Gaussian, with m even up to n, k = (n − m) / 2 and Laguerre's polynomials.
 */
function derivatives(): number[][] {
  const variance = VARIANCE - 2 * NARROW;
  const gaussian = normalized(onGrid((r) => Math.exp((-r * r) / 2), variance));
  const filters = [gaussian];
  for (const { order, gain } of GAINS) {
    for (let m = 0; m <= order; m += 2) {
      const radial = (r: number): number => r ** m * laguerre((order - m) / 2, m, (r * r) / 2);
      for (const wave of m === 0 ? [Math.cos] : [Math.cos, Math.sin]) {
        const factors = onGrid((r, phi) => radial(r) * wave(m * phi), variance);
        const filter = factors.map((factor, i) => factor * (gaussian[i] as number));
        const sum = filter.reduce((total, value) => total + value);
        const balanced = filter.map((value, i) => value - sum * (gaussian[i] as number));
        const length = Math.hypot(...blurred(blurred(balanced, SIZE), SIZE + 2));
        filters.push(balanced.map((value) => (gain * value) / length));
      }
    }
  }
  return filters;
}

/** A function of polar coordinates, in standard deviations, on the 7×7 grid. */
function onGrid(f: (r: number, phi: number) => number, variance: number): number[] {
  const deviation = Math.sqrt(variance);
  return Array.from({ length: SIZE ** 2 }, (_, i) => {
    const [x, y] = [(i % SIZE) - CENTER, Math.floor(i / SIZE) - CENTER];
    return f(Math.hypot(x, y) / deviation, Math.atan2(y, x));
  });
}

function normalized(filter: readonly number[]): number[] {
  const sum = filter.reduce((total, value) => total + value);
  return filter.map((value) => value / sum);
}

/** Laguerre's polynomial L_k^(a)(x), by its recurrence. */
function laguerre(k: number, a: number, x: number): number {
  let [before, value] = [0, 1];
  for (let n = 0; n < k; n++) {
    [before, value] = [value, ((2 * n + 1 + a - x) * value - (n + a) * before) / (n + 1)];
  }
  return value;
}

/** A filter of so many rows after a 3×3 layer, two rows larger. */
function blurred(filter: readonly number[], side: number): number[] {
  const out = new Array<number>((side + 2) ** 2).fill(0);
  filter.forEach((value, i) => {
    NARROW_FILTER.forEach((tap, j) => {
      const row = Math.floor(i / side) + Math.floor(j / 3);
      const place = row * (side + 2) + (i % side) + (j % 3);
      out[place] = (out[place] as number) + tap * value;
    });
  });
  return out;
}
