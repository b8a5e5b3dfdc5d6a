import { ImageError } from "../../image/errors.js";
import type { RgbImage } from "../../image/rgb-image.js";

/** Rows that are converted at once, so that a large picture is never in memory a third time. */
const STRIP = 256;

/**
 * Draws planes to a canvas, rounded to 8 bits.
 * @param alpha `height · width` values; opaque if absent.
 * @throws {ImageError} if the browser cannot make so large a canvas.
 */
export function drawPicture({ width, height, data }: RgbImage, alpha?: Float32Array): OffscreenCanvas {
  const canvas = new OffscreenCanvas(width, height);
  const context = canvas.getContext("2d", { willReadFrequently: true });
  if (!context) {
    throw new ImageError(
      `This browser cannot hold a picture of ${width}×${height} pixels. Choose a smaller one.`,
    );
  }
  const plane = width * height;
  for (let top = 0; top < height; top += STRIP) {
    const rows = Math.min(STRIP, height - top);
    const strip = new ImageData(width, rows);
    for (let i = 0; i < rows * width; i++) {
      const from = top * width + i;
      for (let channel = 0; channel < 3; channel++) {
        // The array clamps and rounds.
        strip.data[4 * i + channel] = 255 * (data[channel * plane + from] as number);
      }
      strip.data[4 * i + 3] = alpha ? 255 * (alpha[from] as number) : 255;
    }
    context.putImageData(strip, 0, top);
  }
  return canvas;
}
