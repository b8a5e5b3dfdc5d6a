import { expect, it } from "vitest";
import { enlargeLinearly } from "../../../src/image/resize/linear.js";

it("interpolates between the middles of pixels, and repeats those at the border", () => {
  const planes = Float32Array.of(0, 4, 8, 12, 1, 1, 1, 1);
  const rows = [0, 1, 3, 4, 2, 3, 5, 6, 6, 7, 9, 10, 8, 9, 11, 12];
  expect([...enlargeLinearly(planes, { width: 2, height: 2 }, 2)]).toEqual([...rows, ...Array(16).fill(1)]);
});

it("leaves planes as they are at ×1", () => {
  const planes = Float32Array.of(1, 2, 3, 4, 5, 6);
  expect(enlargeLinearly(planes, { width: 3, height: 2 }, 1)).toEqual(planes);
});
