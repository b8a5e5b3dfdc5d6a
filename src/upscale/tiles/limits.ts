import { kindOf } from "../../engine/kind-of.js";
import { UpscaleError } from "../errors.js";
import type { UpscaleFactor } from "../upscaler.js";

/**
 * Shortest side of a tile, in pixels of the small image. It must exceed `MIN_PIECE` of tiles.ts; a tile not much longer than that
 * would be little more than overlap.
 */
export const MIN_TILE = 128;

/** A tile of this size keeps every device busy, and fits into half a gigabyte. */
export const MAX_TILE = 1024;

/** The planes of a larger image would take more than 1.2 GB. */
const MAX_PIXELS = 100_000_000;

/**
 * Checks that an upscaled image fits into memory.
 * @throws {UpscaleError} if it does not.
 */
export function assertUpscalable(
  { width, height }: { readonly width: number; readonly height: number },
  scale: UpscaleFactor,
): void {
  const pixels = width * height * scale ** 2;
  if (pixels > MAX_PIXELS) {
    throw new UpscaleError(
      `The picture would have ${Math.ceil(pixels / 1e6)} megapixels; at most ${MAX_PIXELS / 1e6} are possible: give a smaller image or scale.`,
    );
  }
}

/**
 * @param largest that the device can hold.
 * @throws {UpscaleError} if a value is no side of a tile; it need not be a multiple of the scale.
 */
export function assertTile(tile: number, scale: number, largest = MAX_TILE): void {
  const least = MIN_TILE * scale;
  if (Number.isInteger(tile) && tile >= least && tile < largest + scale) return;
  throw new UpscaleError(
    `A tile at ×${scale} has sides of ${least} to ${largest} pixels; got ${kindOf(tile)}.`,
  );
}
