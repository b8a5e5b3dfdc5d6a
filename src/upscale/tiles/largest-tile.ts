import type { Engine } from "../../engine/device/engine.js";
import { roundUp } from "../../engine/tensors/tensor.js";
import { MAX_TILE } from "./limits.js";
import { periodicLength } from "./periodic-padding.js";

/** A tile's sides become multiples of this, at most: networks halve it, and shaders take some pixels at once. */
const GRID = 16;

/**
 * The largest number of pixels of a tile, with its padding, whose images fit into one binding of the device.
 * @param bytes of a pixel of the largest images.
 */
export function tilePixels({ device: { limits } }: Engine, bytes: number): number {
  return Math.min(limits.maxBufferSize, limits.maxStorageBufferBindingSize) / bytes;
}

/**
 * The largest side of a square tile, in pixels of the upscaled image, that with its padding has at most so many pixels.
 * @param padded the length of a side with its padding, in pixels of the small image; see {@link periodicLength}.
 */
export function largestTile(
  pixels: number,
  scale: number,
  padded: (side: number) => number = periodicLength,
): number {
  let side = Math.floor(MAX_TILE / scale);
  while (side > 0 && roundUp(padded(side) * scale, GRID) ** 2 > pixels) side--;
  return side * scale;
}
