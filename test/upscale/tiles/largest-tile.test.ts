import { expect, it } from "vitest";
import type { Engine } from "../../../src/engine/device/engine.js";
import { largestTile, tilePixels } from "../../../src/upscale/tiles/largest-tile.js";
import { usrNetPixels } from "../../../src/upscale/usrnet/usrnet.js";
import { USRNET_TINY } from "../../../src/weights/layouts/usrnet-layout.js";

const engineWith = (binding: number): Engine =>
  ({
    adapter: { kind: "gpu" },
    device: { limits: { maxBufferSize: 2 * binding, maxStorageBufferBindingSize: binding } },
  }) as Engine;

/** Sides as they are, without padding. */
const plain = (side: number): number => side;

it("is as large as its images fit into one binding, larger in half precision", () => {
  const small = engineWith(16 * 4 * 320 ** 2);
  expect(largestTile(tilePixels(small, 16 * 4), 1, plain)).toBe(320);
  expect(largestTile(tilePixels(small, 16 * 2), 1, plain)).toBe(448);
  expect(largestTile(tilePixels(engineWith(2 ** 40), 16 * 4), 1, plain)).toBe(1024);
});

it("is as large as its images fit into one dispatch of USRNet", () => {
  const engine = { ...engineWith(2 ** 40), tuning: { convolution: 4 } } as Engine;
  const pixels = usrNetPixels(engine, USRNET_TINY);
  expect(pixels).toBe(16 * 65_535);
  expect(largestTile(pixels, 4, plain)).toBe(1008);
});

it("leaves room for the padding, which an enlargement enlarges", () => {
  // 32 pixels of padding and more, to a length without other prime factors than 2, 3 and 5.
  expect(largestTile(16 * 65_535, 4)).toBe(4 * (250 - 32));
  expect(largestTile(16 * 65_535, 2)).toBe(2 * (500 - 32));
  expect(largestTile(1280 ** 2, 4)).toBe(1024);
});
