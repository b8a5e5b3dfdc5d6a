import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { type AdaptationFixture, syntheticImage, syntheticNoise, syntheticWeights } from "./synthetic.js";

const path = new URL("../fixtures/adaptation.json", import.meta.url);
const fixture = JSON.parse(readFileSync(path, "utf8")) as AdaptationFixture;

describe("inputs made by formula", () => {
  it("gives the reference's weights to the last bit", () => {
    const weights = syntheticWeights(fixture);
    expect([...weights.keys()]).toEqual(Object.keys(fixture.tensorSamples));
    for (const [name, { indices = [], values }] of Object.entries(fixture.tensorSamples)) {
      const data = weights.get(name)?.data ?? new Float32Array();
      expect(
        indices.map((i) => data[i]),
        name,
      ).toEqual(values.map(Math.fround));
    }
  });

  it("gives the reference's image to the last bit", () => {
    const { width, height, data } = syntheticImage(fixture);
    expect(data.length).toBe(3 * width * height);
    const levels = Array.from(data, (value) => Math.round(value * 255));
    expect(data).toEqual(Float32Array.from(levels, (level) => level / 255));
    expect(fixture.image.indices.map((i) => levels[i])).toEqual(fixture.image.levels);
    expect(levels.reduce((sum, level) => sum + level, 0)).toBe(fixture.image.levelSum);
  });

  it("gives the reference's noise up to rounding", () => {
    const first = syntheticNoise(fixture, 0).subarray(0, 8);
    const last = syntheticNoise(fixture, 1).subarray(-8);
    fixture.noise.first.forEach((value, i) => {
      expect(first[i]).toBeCloseTo(value, 8);
    });
    fixture.noise.lastOfStep1.forEach((value, i) => {
      expect(last[i]).toBeCloseTo(value, 8);
    });
  });
});
