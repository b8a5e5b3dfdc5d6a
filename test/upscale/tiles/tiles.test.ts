import { describe, expect, it } from "vitest";
import { cutImage } from "../../../src/upscale/tiles/cut-image.js";
import { MIN_TILE } from "../../../src/upscale/tiles/limits.js";
import {
  type Cut,
  cutSide,
  fade,
  fitOverlap,
  MIN_PIECE,
  overlapLength,
  pieceLength,
  WIDE_OVERLAP,
} from "../../../src/upscale/tiles/tiles.js";

const NARROW = { margin: 24, ramp: 8 };

/** Cuts that are known to be possible. */
const cut = (side: number, count: number, overlap = WIDE_OVERLAP): Cut =>
  cutSide(side, count, pieceLength(side, count, overlap) as number);

describe("cutSide", () => {
  it("can advance by the shortest tile that is allowed", () => {
    expect(MIN_TILE).toBeGreaterThan(MIN_PIECE);
    expect(cut(MIN_PIECE + 8, 2).starts).toEqual([0, 8]);
  });

  it("leaves a side whole, and makes no pieces that are little else than overlap", () => {
    expect(cut(100, 1)).toEqual({ length: 100, starts: [0] });
    expect(pieceLength(100, 2, WIDE_OVERLAP)).toBe(0);
    expect(pieceLength(1000, 1000, NARROW)).toBe(0);
  });

  it.each([
    [151, 2, WIDE_OVERLAP],
    [1000, 40, WIDE_OVERLAP],
    [333, 3, WIDE_OVERLAP],
    [5000, 12, WIDE_OVERLAP],
    [1000, 7, NARROW],
    [5000, 13, NARROW],
  ])("covers %i pixels by %i pieces that overlap enough: %o", (side, count, asked) => {
    const overlap = overlapLength(asked);
    const { length, starts } = cut(side, count, asked);
    expect(starts).toHaveLength(count);
    expect(starts[0]).toBe(0);
    expect((starts.at(-1) as number) + length).toBe(side);
    starts.slice(1).forEach((start, i) => {
      expect((starts[i] as number) + length - start).toBeGreaterThanOrEqual(overlap);
    });
    expect(starts.every((start) => start % 8 === 0)).toBe(true);
    // No longer than they must be for that.
    expect(length).toBeLessThanOrEqual((side - overlap) / count + overlap + 8 * count);
  });
});

describe("fitOverlap", () => {
  it.each([128, 150, 200, 512])("leaves at least half of a piece of %i pixels to advance by", (longest) => {
    const fitted = fitOverlap(WIDE_OVERLAP, longest);
    expect(overlapLength(fitted)).toBeLessThanOrEqual(longest / 2);
    expect(fitted.margin).toBeGreaterThanOrEqual(24);
    expect(fitted.ramp).toBe(WIDE_OVERLAP.ramp);
  });

  it("changes nothing for a long piece, and cuts 400×320 pixels by short ones into 24", () => {
    expect(fitOverlap(WIDE_OVERLAP, 192)).toEqual(WIDE_OVERLAP);
    const { rows, columns } = cutImage(
      { width: 400, height: 320 },
      fitOverlap(WIDE_OVERLAP, 128),
      (...sides) => (Math.max(...sides) > 128 ? Infinity : sides[0] * sides[1]),
    );
    expect(rows.starts.length * columns.starts.length).toBe(24);
  });
});

describe("fade", () => {
  it.each([1, 2, 4])("gives every pixel a weight of one in all, at scale %i", (scale) => {
    const side = 333;
    const pieces = cut(side, 4);
    const total = new Float64Array(side * scale);
    fade(side, pieces, scale).forEach((piece, which) => {
      piece.forEach((weight, i) => {
        total[(pieces.starts[which] as number) * scale + i] += weight;
      });
    });
    for (const sum of total) expect(sum).toBeCloseTo(1, 6);
  });

  it("leaves out the margin of a piece, but not at the border of the image", () => {
    for (const overlap of [WIDE_OVERLAP, NARROW]) {
      const nothing = Array(overlap.margin).fill(0);
      const pieces = cut(180, 2, overlap);
      const [first, last] = fade(180, pieces, 1, overlap) as [Float32Array, Float32Array];
      expect(first[0]).toBe(1);
      expect([...first.subarray(-overlap.margin)]).toEqual(nothing);
      expect(first.at(-overlap.margin - 1)).toBeGreaterThan(0);
      expect([...last.subarray(0, overlap.margin)]).toEqual(nothing);
      expect(last.at(-1)).toBe(1);
    }
  });
});
