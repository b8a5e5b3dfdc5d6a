import { describe, expect, it } from "vitest";
import {
  discriminatorInitialization,
  NEUTRAL_CHANNEL,
} from "../../../src/model/gan/discriminator-initialization.js";
import { DISCRIMINATOR_PARAMETERS, DISCRIMINATOR_VECTORS } from "../../../src/weights/layouts/gan-layout.js";

const weights = discriminatorInitialization(0);
const of = (name: string): Float32Array => weights.get(`discriminator.${name}`) as Float32Array;
const FILTER = 3 * 49;
const filter = (channel: number): Float32Array =>
  of("conv.0.weight_orig").slice(channel * FILTER, (channel + 1) * FILTER);

/** Response to a ramp of slope 1 in x, or in y. */
function ramp(taps: Float32Array, along: "x" | "y"): number {
  return taps.reduce((sum, tap, i) => sum + tap * (along === "x" ? i % 7 : Math.floor((i % 49) / 7)), 0);
}

describe("a discriminator that begins with oriented filters", () => {
  it("has every tensor of a discriminator, and the same ones for the same seed", () => {
    const names = [...DISCRIMINATOR_PARAMETERS, ...DISCRIMINATOR_VECTORS].map(({ name }) => name);
    expect([...weights.keys()].sort()).toEqual(names.sort());
    expect(discriminatorInitialization(0)).toEqual(weights);
    expect(discriminatorInitialization(1)).not.toEqual(weights);
  });

  it("has filters of sum 0 and length 1, alike in all colors", () => {
    for (let channel = 0; channel < 64; channel++) {
      const taps = filter(channel);
      expect(taps.reduce((sum, tap) => sum + tap)).toBeCloseTo(0, 5);
      expect(Math.hypot(...taps)).toBeCloseTo(1, 5);
      expect(taps.slice(49, 98)).toEqual(taps.slice(0, 49));
      expect(taps.slice(98)).toEqual(taps.slice(0, 49));
    }
  });

  it("has a first and a second derivative along each of eight directions, the diagonals among them", () => {
    for (let direction = 0; direction < 8; direction++) {
      const angle = (direction * Math.PI) / 8;
      const [first, second] = [filter(2 * direction), filter(2 * direction + 1)];
      const slope = Math.hypot(ramp(first, "x"), ramp(first, "y"));
      expect(slope).toBeGreaterThan(0.5);
      expect(ramp(first, "x") / slope).toBeCloseTo(Math.cos(angle), 2);
      expect(ramp(first, "y") / slope).toBeCloseTo(Math.sin(angle), 2);
      for (const axis of ["x", "y"] as const) expect(ramp(second, axis)).toBeCloseTo(0, 5);
      expect(second[24]).toBeLessThan(0);
    }
  });

  it("hands the filters on unmixed, and mixes them at random above", () => {
    const second = of("conv.1.weight_orig");
    expect(second.every((value, i) => value === (i % 65 === 0 ? 1 : 0))).toBe(true);
    const random = of("conv.3.weight_orig");
    const square = random.reduce((sum, value) => sum + value * value, 0);
    expect(square / 64).toBeCloseTo(1, 1);
  });

  it("decides at first by the one feature that is not taught blur", () => {
    const last = of("conv.6.weight_orig");
    expect(last.every((value, channel) => value === (channel === NEUTRAL_CHANNEL ? 1 : 0))).toBe(true);
  });
});
