import type { Engine } from "../../engine/device/engine.js";

/** A tile of this size keeps every device busy, and fits into half a gigabyte. */
const MAX_SIDE = 1024;

/**
 * The largest side of a square tile, in pixels of the upscaled image, for which an image of this many channels fits into one
 * binding of the device.
 * @param bytes size of a number in memory.
 */
export function largestTile({ device }: Engine, channels: number, bytes = 4): number {
  const { maxBufferSize, maxStorageBufferBindingSize } = device.limits;
  const values = Math.min(maxBufferSize, maxStorageBufferBindingSize) / bytes;
  const side = Math.floor(Math.sqrt(values / channels));
  return Math.min(MAX_SIDE, side - (side % 16));
}
