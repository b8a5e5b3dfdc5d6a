import type { Engine } from "../../engine/device/engine.js";
import { largestTile } from "../../upscale/tiles/largest-tile.js";
import { assertUpscalable } from "../../upscale/tiles/limits.js";
import { cutSide, longestPiece } from "../../upscale/tiles/tiles.js";
import type { Scale, TileCounts } from "../shared/protocol.js";
import { failureWords } from "./failure.js";

/** No browser has a canvas with a longer side. */
const MAX_CANVAS_SIDE = 65_535;

/**
 * For each scale, the number of tiles in which an image is upscaled, or why it cannot be.
 * @param channels of the largest images that the upscaler keeps on the GPU.
 */
export function tileCounts(
  engine: Engine,
  image: { readonly width: number; readonly height: number },
  channels: number,
): TileCounts {
  const count = (scale: Scale): number | string => {
    if (Math.max(image.width, image.height) * scale > MAX_CANVAS_SIDE) {
      return `The picture would be longer than the ${MAX_CANVAS_SIDE} pixels that a browser can draw. Cut out a part of it.`;
    }
    try {
      assertUpscalable(image, scale);
    } catch (error) {
      return failureWords(error);
    }
    const side = Math.floor(largestTile(engine, channels) / scale);
    const columns = cutSide(image.width, side);
    const rows = cutSide(image.height, longestPiece(side, columns));
    return rows.starts.length * columns.starts.length;
  };
  return { 2: count(2), 4: count(4) };
}
