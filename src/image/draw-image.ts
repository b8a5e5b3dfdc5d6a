import { ImageError } from "./errors.js";
import { toImageData } from "./image-data.js";
import type { RgbImage } from "./rgb-image.js";

/** A canvas of a page or of a worker. */
export interface CanvasLike {
  width: number;
  height: number;
  getContext(kind: "2d", options?: { willReadFrequently?: boolean }): unknown;
}

/** Rows that are converted at a time, so that a large picture is never in memory a third time. */
const STRIP = 256;

/**
 * Gives a canvas the size of an image and draws it there, rounded to 8 bits.
 * @param alpha `height · width` values; opaque unless given.
 * @throws {ImageError} if the browser cannot make so large a canvas.
 */
export function drawImage(canvas: CanvasLike, image: RgbImage, alpha?: Float32Array): void {
  const { width, height } = image;
  canvas.width = width;
  canvas.height = height;
  const context = canvas.getContext("2d", {
    willReadFrequently: true,
  }) as OffscreenCanvasRenderingContext2D | null;
  if (!context) {
    throw new ImageError(
      `This browser cannot hold a picture of ${width}×${height} pixels. Choose a smaller one.`,
    );
  }
  for (let top = 0; top < height; top += STRIP) {
    const rows = { top, height: Math.min(STRIP, height - top) };
    context.putImageData(toImageData(image, alpha, rows), 0, top);
  }
}
