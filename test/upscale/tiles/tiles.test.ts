import { describe, expect, it } from "vitest";
import { MIN_TILE } from "../../../src/upscale/tiles/limits.js";
import {
  cutSide,
  fade,
  fitOverlap,
  MIN_PIECE,
  overlapLength,
  WIDE_OVERLAP,
} from "../../../src/upscale/tiles/tiles.js";

const NARROW = { margin: 24, ramp: 8 };

describe("cutSide", () => {
  it("can advance by the shortest tile that is allowed", () => {
    expect(MIN_TILE).toBeGreaterThan(MIN_PIECE);
    expect(cutSide(10_000, MIN_PIECE + 1).starts.every(Number.isFinite)).toBe(true);
  });

  it("leaves a side that fits in one piece", () => {
    expect(cutSide(100, 100)).toEqual({ length: 100, starts: [0] });
  });

  it.each([
    [151, 150, WIDE_OVERLAP],
    [1000, 128, WIDE_OVERLAP],
    [333, 166, WIDE_OVERLAP],
    [5000, 512, WIDE_OVERLAP],
    [1000, 128, NARROW],
    [5000, 512, NARROW],
  ])("covers %i pixels by pieces of at most %i that overlap enough: %o", (side, largest, asked) => {
    const overlap = overlapLength(asked);
    const { length, starts } = cutSide(side, largest, asked);
    expect(length).toBeLessThanOrEqual(largest);
    expect(starts[0]).toBe(0);
    expect((starts.at(-1) as number) + length).toBe(side);
    starts.slice(1).forEach((start, i) => {
      expect((starts[i] as number) + length - start).toBeGreaterThanOrEqual(overlap);
    });
    expect(starts.every((start) => start % 8 === 0)).toBe(true);
    // One piece fewer could not do it.
    expect((starts.length - 1) * (largest - overlap - 16) + overlap).toBeLessThan(side);
  });
});

describe("fitOverlap", () => {
  it.each([128, 150, 200, 512])("leaves at least half of a piece of %i pixels to advance by", (longest) => {
    const fitted = fitOverlap(WIDE_OVERLAP, longest);
    expect(overlapLength(fitted)).toBeLessThanOrEqual(longest / 2);
    expect(fitted.margin).toBeGreaterThanOrEqual(24);
    expect(fitted.ramp).toBe(WIDE_OVERLAP.ramp);
  });

  it("changes nothing for a long piece, and cuts 400×320 pixels by short ones into 42", () => {
    expect(fitOverlap(WIDE_OVERLAP, 192)).toEqual(WIDE_OVERLAP);
    const pieces = (side: number) => cutSide(side, 128, fitOverlap(WIDE_OVERLAP, 128)).starts.length;
    expect(pieces(400) * pieces(320)).toBe(42);
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
    for (const overlap of [WIDE_OVERLAP, NARROW]) {
      const nothing = Array(overlap.margin).fill(0);
      const cut = cutSide(180, 150, overlap);
      const [first, last] = fade(180, cut, 1, overlap) as [Float32Array, Float32Array];
      expect(first[0]).toBe(1);
      expect([...first.subarray(-overlap.margin)]).toEqual(nothing);
      expect(first.at(-overlap.margin - 1)).toBeGreaterThan(0);
      expect([...last.subarray(0, overlap.margin)]).toEqual(nothing);
      expect(last.at(-1)).toBe(1);
    }
  });
});
