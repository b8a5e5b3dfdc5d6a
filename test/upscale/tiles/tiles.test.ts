import { describe, expect, it } from "vitest";
import { MIN_TILE } from "../../../src/upscale/tiles/limits.js";
import { cutSide, fade, MIN_PIECE, OVERLAP } from "../../../src/upscale/tiles/tiles.js";

describe("cutSide", () => {
  it("can advance by the shortest tile that is allowed", () => {
    expect(MIN_TILE).toBeGreaterThan(MIN_PIECE);
    expect(cutSide(10_000, MIN_PIECE + 1).starts.every(Number.isFinite)).toBe(true);
  });

  it("leaves a side that fits in one piece", () => {
    expect(cutSide(100, 100)).toEqual({ length: 100, starts: [0] });
  });

  it.each([
    [151, 150],
    [1000, 128],
    [333, 166],
    [5000, 512],
  ])("covers %i pixels by pieces of at most %i that overlap enough", (side, largest) => {
    const { length, starts } = cutSide(side, largest);
    expect(length).toBeLessThanOrEqual(largest);
    expect(starts[0]).toBe(0);
    expect((starts.at(-1) as number) + length).toBe(side);
    starts.slice(1).forEach((start, i) => {
      expect((starts[i] as number) + length - start).toBeGreaterThanOrEqual(OVERLAP);
    });
    expect(starts.every((start) => start % 8 === 0)).toBe(true);
    // One piece fewer could not do it.
    expect((starts.length - 1) * (largest - OVERLAP - 16) + OVERLAP).toBeLessThan(side);
  });
});

describe("fade", () => {
  it.each([1, 2, 4])("gives every pixel a weight of one in all, at scale %i", (scale) => {
    const side = 333;
    const cut = cutSide(side, 150);
    const total = new Float64Array(side * scale);
    fade(side, cut, scale).forEach((piece, which) => {
      piece.forEach((weight, i) => {
        total[(cut.starts[which] as number) * scale + i] += weight;
      });
    });
    for (const sum of total) expect(sum).toBeCloseTo(1, 6);
  });

  it("leaves out the margin of a piece, but not at the border of the image", () => {
    const cut = cutSide(180, 150);
    const [first, last] = fade(180, cut, 1) as [Float32Array, Float32Array];
    expect(first[0]).toBe(1);
    expect([...first.subarray(-40)]).toEqual(Array(40).fill(0));
    expect([...last.subarray(0, 40)]).toEqual(Array(40).fill(0));
    expect(last.at(-1)).toBe(1);
  });
});
