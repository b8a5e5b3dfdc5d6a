import type { Engine } from "../../engine/device/engine.js";
import { roundUp } from "../../engine/tensors/tensor.js";
import { MAX_TILE } from "./limits.js";
import { periodicLength } from "./periodic-padding.js";

/** The most pixels of a tile with its padding: at ×2 the network for photos then takes half a gigabyte. */
const MAX_PIXELS = 1_800_000;

/** Software drivers have the machine's memory, and the less overlaps, the less they compute: 1 GB. */
const SOFTWARE_PIXELS = 3_800_000;

/** A tile's sides become multiples of this, at most: networks halve it, and shaders take some pixels at once. */
const GRID = 16;

/**
 * The largest number of pixels of a tile, with its padding: what is usual, if its images fit into one binding of the device.
 * @param bytes of a pixel of the largest images; 0 where they fit into the bindings of any device.
 */
export function tilePixels({ device: { limits }, adapter }: Engine, bytes: number): number {
  const most = adapter.kind === "gpu" ? MAX_PIXELS : SOFTWARE_PIXELS;
  return Math.min(most, limits.maxBufferSize / bytes, limits.maxStorageBufferBindingSize / bytes);
}

/**
 * The pixels of a tile of the upscaled image with its padding; its sides are those of its part of the small image.
 * @param padded as of {@link largestTile}.
 */
export function paddedPixels(
  height: number,
  width: number,
  scale: number,
  padded: (side: number) => number = periodicLength,
): number {
  return roundUp(padded(height) * scale, GRID) * roundUp(padded(width) * scale, GRID);
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
  while (side > 0 && paddedPixels(side, side, scale, padded) > pixels) side--;
  return side * scale;
}
