import { expect, it } from "vitest";
import { cosineDecay, warmUp } from "../../src/train/schedule.js";

it("rises evenly to 1, and stays there", () => {
  expect([0, 25, 50, 100, 1000].map((step) => warmUp(step, 100))).toEqual([0, 0.25, 0.5, 1, 1]);
});

it("falls from 1 to 0 along half a cosine", () => {
  expect(cosineDecay(-0.5)).toBe(1);
  expect(cosineDecay(0)).toBe(1);
  expect(cosineDecay(1 / 3)).toBeCloseTo(0.75, 12);
  expect(cosineDecay(0.5)).toBeCloseTo(0.5, 12);
  expect(cosineDecay(1)).toBe(0);
  expect(cosineDecay(2)).toBe(0);
});
