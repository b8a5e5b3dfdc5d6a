import { cutImage } from "../../upscale/tiles/cut-image.js";
import { paddedPixels } from "../../upscale/tiles/largest-tile.js";
import { assertUpscalable } from "../../upscale/tiles/limits.js";
import type { Overlap } from "../../upscale/tiles/tiles.js";
import type { Scale, TileCounts } from "../shared/protocol.js";
import { failureWords } from "./failure.js";

/** No browser has a canvas with a longer side. */
const MAX_CANVAS_SIDE = 65_535;

/**
 * For each scale, the number of tiles in which an image is upscaled, or why it cannot be. The largest tile of the page's upscalers fits
 * into the bindings of every device.
 * @param most pixels of a tile, see {@link tilePixels}.
 */
export function tileCounts(
  image: { readonly width: number; readonly height: number },
  overlap: Overlap,
  most: number,
): TileCounts {
  const count = (scale: Scale): number | string => {
    if (Math.max(image.width, image.height) * scale > MAX_CANVAS_SIDE) {
      return `The picture would be longer than the ${MAX_CANVAS_SIDE} pixels that a browser can draw. Cut out a part.`;
    }
    try {
      assertUpscalable(image, scale);
    } catch (error) {
      return failureWords(error);
    }
    const { rows, columns } = cutImage(image, overlap, (height, width) => {
      const pixels = paddedPixels(height, width, scale);
      return pixels > most ? Infinity : pixels;
    });
    return rows.starts.length * columns.starts.length;
  };
  return { 2: count(2), 4: count(4) };
}
