import { expect, it } from "vitest";
import type { Engine } from "../../../src/engine/device/engine.js";
import { largestTile } from "../../../src/upscale/tiles/largest-tile.js";

const engineBinding = (bytes: number): Engine =>
  ({ device: { limits: { maxBufferSize: 2 * bytes, maxStorageBufferBindingSize: bytes } } }) as Engine;

it("is as large as its images fit into one binding, larger in half precision", () => {
  const small = engineBinding(16 * 4 * 320 ** 2);
  expect(largestTile(small, 16)).toBe(320);
  expect(largestTile(small, 16, 2)).toBe(448);
  expect(largestTile(engineBinding(2 ** 40), 16)).toBe(1024);
});
