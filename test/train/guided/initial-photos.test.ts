import { describe, expect, it } from "vitest";
import { ownAlpha, told } from "../../../src/model/guided/conditions.js";
import { type GuidedConfig, guidedConfigOf } from "../../../src/model/guided/layout.js";
import { extendedNetwork, initialPhotosNetwork } from "../../../src/train/guided/initial-photos.js";
import { WeightsError } from "../../../src/weights/errors.js";
import type { WeightFile } from "../../../src/weights/weight-file.js";
import { randomGuidedWeights } from "../../support/guided-weights.js";

const CONFIG: GuidedConfig = { scale: 2, channels: 4, blocks: [2, 1] };
const CONDITIONS = {
  noise: 3,
  error: 1,
  nonGaussianity: 0.02,
  covariance: { xx: 3, xy: -0.5, yy: 2 },
  sigmas: [4, 9] as const,
};

const values = ({ tensors }: WeightFile) => new Map([...tensors].map(([name, { data }]) => [name, data]));
const dataOf = ({ tensors }: WeightFile, name: string): number[] => [...(tensors.get(name)?.data ?? [])];

describe("initialPhotosNetwork", () => {
  it("is a network of its size, the same for a seed, whose stages change little", () => {
    const network = initialPhotosNetwork(1, CONFIG);
    expect(guidedConfigOf(network)).toEqual(CONFIG);
    expect(initialPhotosNetwork(1, CONFIG)).toEqual(network);
    expect(initialPhotosNetwork(2, CONFIG)).not.toEqual(network);
    const largest = (name: string): number => Math.max(...dataOf(network, name).map(Math.abs));
    // PyTorch draws from 1 over the root of the inputs down to its negative: 6 of 9 taps here.
    for (const [name, most] of [
      ["first.0.weight", 1 / 6],
      ["first.0.bias", 1 / 6],
      ["second.2.weight", 0.2 / 6],
      ["tail.1.weight", 0.1 / 6],
      ["conditions_out.weight", 0.1 / 8],
    ] as const) {
      expect(largest(name), name).toBeLessThanOrEqual(most);
      expect(largest(name), name).toBeGreaterThan(0.5 * most);
    }
    for (const name of ["tail.0.bias", "conditions_out.bias"]) expect(largest(name), name).toBe(0);
  });
});

describe("extendedNetwork", () => {
  it("keeps a network of the same size", () => {
    const given = randomGuidedWeights(CONFIG, 3);
    expect(values(extendedNetwork(1, CONFIG, given))).toEqual(values(given));
  });

  it("adds blocks and stages that add nothing, with an untrained data step", () => {
    const given = randomGuidedWeights({ ...CONFIG, blocks: [2] }, 3);
    const extended = extendedNetwork(1, CONFIG, given);
    expect(guidedConfigOf(extended)).toEqual(CONFIG);
    const before = told(values(given), { ...CONFIG, blocks: [2] }, CONDITIONS);
    const after = told(values(extended), CONFIG, CONDITIONS);
    expect(after.gates).toEqual(before.gates);
    expect(after.alphas).toEqual([...before.alphas, ownAlpha(CONDITIONS)]);
    expect([...after.films]).toEqual([...before.films, ...new Array(12).fill(0)]);
    for (const name of ["second.2.weight", "second.2.bias", "tail.1.weight", "tail.1.bias"]) {
      expect(
        dataOf(extended, name).every((value) => value === 0),
        name,
      ).toBe(true);
    }
    for (const name of ["first.2.weight", "again.0.weight"]) {
      expect(
        dataOf(extended, name).some((value) => value !== 0),
        name,
      ).toBe(true);
    }
  });

  it("refuses a network with which it does not begin", () => {
    const given = randomGuidedWeights({ ...CONFIG, blocks: [3] }, 3);
    expect(() => extendedNetwork(1, CONFIG, given)).toThrow(WeightsError);
    expect(() => extendedNetwork(1, { ...CONFIG, channels: 8 }, randomGuidedWeights(CONFIG, 3))).toThrow(
      /with 4 channels and blocks 2,1, with which one for ×2 with 8 channels/,
    );
  });
});
