import { describe, expect, it } from "vitest";
import type { AdapterKind } from "../../../src/engine/device/adapter.js";
import type { Engine } from "../../../src/engine/device/engine.js";
import { cutImage, type TileGrid } from "../../../src/upscale/tiles/cut-image.js";
import { paddedPixels, tilePixels } from "../../../src/upscale/tiles/largest-tile.js";

const OVERLAP = { margin: 24, ramp: 8 };

/** As for a picture of twice the sides on a kind of device. */
function tilesOf(
  width: number,
  height: number,
  kind: AdapterKind,
): TileGrid & { pixels: number; count: number } {
  const limits = { maxBufferSize: 2 ** 40, maxStorageBufferBindingSize: 2 ** 40 };
  const most = tilePixels({ adapter: { kind }, device: { limits } } as Engine, 32);
  const limited = (...sides: [number, number]): number => {
    const size = paddedPixels(...sides, 2);
    return size > most ? Infinity : size;
  };
  const grid = cutImage({ width, height }, OVERLAP, limited);
  const count = grid.rows.starts.length * grid.columns.starts.length;
  return { ...grid, count, pixels: count * paddedPixels(grid.rows.length, grid.columns.length, 2) };
}

describe("cutImage", () => {
  it.each([
    [807, 1024, "lavapipe", 1, 1.13],
    [807, 1024, "swiftshader", 1, 1.13],
    [807, 1024, "gpu", 4, 1.34],
    [400, 400, "gpu", 1, 1.26],
    [3000, 2000, "gpu", 21, 1.44],
  ] as const)(
    "cuts %i×%i pixels on %s into %i tiles, %d times the image",
    (width, height, kind, count, times) => {
      const grid = tilesOf(width, height, kind);
      expect(grid.count).toBe(count);
      expect(grid.pixels / (4 * width * height)).toBeLessThan(times);
    },
  );

  it.each([
    [1, 100_000],
    [5000, 300],
    [10_000, 10_000],
  ])("covers %i×%i pixels by tiles that fit", (width, height) => {
    const { rows, columns } = tilesOf(width, height, "gpu");
    expect((rows.starts.at(-1) as number) + rows.length).toBe(height);
    expect((columns.starts.at(-1) as number) + columns.length).toBe(width);
    expect(paddedPixels(rows.length, columns.length, 2)).toBeLessThanOrEqual(1_800_000);
  });
});
