import { expect, it } from "vitest";
import type { Engine } from "../../../src/engine/engine.js";
import { largestTile, tilePixels } from "../../../src/upscale/tiles/largest-tile.js";

const engineWith = (binding: number, workgroups = 65_535): Engine =>
  ({
    device: {
      limits: {
        maxBufferSize: 2 * binding,
        maxStorageBufferBindingSize: binding,
        maxComputeWorkgroupsPerDimension: workgroups,
      },
    },
    tuning: { elementwise: 64 },
  }) as Engine;

/** Sides as they are, without padding. */
const plain = (side: number): number => side;

it("is as large as its images fit into one binding, larger in half precision", () => {
  const small = engineWith(16 * 4 * 320 ** 2);
  expect(largestTile(tilePixels(small, { channels: 16 }), 1, plain)).toBe(320);
  expect(largestTile(tilePixels(small, { channels: 16, bytes: 2 }), 1, plain)).toBe(448);
  expect(largestTile(tilePixels(engineWith(2 ** 40), { channels: 16 }), 1, plain)).toBe(1024);
});

it("is as large as its images fit into one dispatch", () => {
  // SwiftShader's convolutions: 16 pixels a workgroup.
  const pixels = tilePixels(engineWith(2 ** 40), { channels: 16, workgroup: 16 });
  expect(pixels).toBe(16 * 65_535);
  expect(largestTile(pixels, 4, plain)).toBe(1008);
  expect(largestTile(tilePixels(engineWith(2 ** 40, 100), { channels: 3 }), 2, plain)).toBe(80);
});

it("leaves room for the padding, which an enlargement enlarges", () => {
  // 24 pixels of padding and more, to a length without other prime factors than 2, 3 and 5.
  expect(largestTile(16 * 65_535, 4)).toBe(4 * (250 - 24));
  expect(largestTile(16 * 65_535, 2)).toBe(2 * (500 - 24));
  expect(largestTile(1280 ** 2, 4)).toBe(1024);
});
