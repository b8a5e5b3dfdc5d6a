import { drawImage } from "../../image/draw-image.js";
import type { RgbImage } from "../../image/rgb-image.js";

/**
 * An image on a canvas of its own; see {@link drawImage}.
 * @throws {ImageError} if the browser cannot make so large a canvas.
 */
export function drawPicture(image: RgbImage, alpha?: Float32Array): OffscreenCanvas {
  const canvas = new OffscreenCanvas(1, 1);
  drawImage(canvas, image, alpha);
  return canvas;
}
