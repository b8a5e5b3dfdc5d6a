import { describe, expect, it } from "vitest";
import { ImageError } from "../../../src/image/errors.js";
import { MAX_WINDOWS, WINDOW, windowCorners } from "../../../src/model/spectral/windows.js";

describe("windows of an image", () => {
  it.each([
    [32, 32, 1],
    [33, 32, 2],
    [48, 64, 6],
    [250, 181, 15 * 11],
  ])("half overlap: %d×%d", (width, height, count) => {
    expect(windowCorners({ width, height })).toHaveLength(count);
  });

  it.each([
    [32, 32],
    [250, 181],
    [4000, 3000],
    [20000, 32],
    [32, 70000],
    [1000, 33],
  ])("cover the image from edge to edge, and are not too many: %d×%d", (width, height) => {
    const corners = windowCorners({ width, height });
    expect(corners.length).toBeLessThanOrEqual(MAX_WINDOWS);
    expect(corners.length).toBeGreaterThan(0);
    const [tops, lefts] = [corners.map(([top]) => top), corners.map(([, left]) => left)];
    expect([Math.min(...tops), Math.min(...lefts)]).toEqual([0, 0]);
    expect([Math.max(...tops), Math.max(...lefts)]).toEqual([height - WINDOW, width - WINDOW]);
    expect(new Set(corners.map(String)).size).toBe(corners.length);
  });

  it("need an image of their size", () => {
    expect(() => windowCorners({ width: 31, height: 100 })).toThrow(ImageError);
  });
});
