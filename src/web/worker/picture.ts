import { ImageError } from "../../image/errors.js";
import { toImageData } from "../../image/image-data.js";
import type { RgbImage } from "../../image/rgb-image.js";

/** Rows that are converted at a time, so that a large picture is never in memory a third time. */
const STRIP = 256;

/**
 * Draws an image on a canvas, rounded to 8 bits.
 * @param alpha `height · width` values; opaque unless given.
 * @throws {ImageError} if the browser cannot make so large a canvas.
 */
export function drawPicture(image: RgbImage, alpha?: Float32Array): OffscreenCanvas {
  const { width, height } = image;
  const canvas = new OffscreenCanvas(width, height);
  const context = canvas.getContext("2d", { willReadFrequently: true });
  if (!context) {
    throw new ImageError(
      `This browser cannot hold a picture of ${width}×${height} pixels. Choose a smaller one.`,
    );
  }
  for (let top = 0; top < height; top += STRIP) {
    const rows = { top, height: Math.min(STRIP, height - top) };
    context.putImageData(toImageData(image, alpha, rows), 0, top);
  }
  return canvas;
}
