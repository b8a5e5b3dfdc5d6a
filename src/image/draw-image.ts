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
 * Gives a canvas the size of an image.
 * @returns what draws on it.
 * @throws {ImageError} if the browser cannot make so large a canvas.
 */
export function sizedContext(
  canvas: CanvasLike,
  { width, height }: RgbImage,
): OffscreenCanvasRenderingContext2D {
  canvas.width = width;
  canvas.height = height;
  const context = canvas.getContext("2d", {
    willReadFrequently: true,
  }) as OffscreenCanvasRenderingContext2D | null;
  // Some browsers give no context for a canvas that is too large, others one that draws nothing.
  context?.fillRect(0, 0, 1, 1);
  if (context?.getImageData(0, 0, 1, 1).data[3]) return context;
  throw new ImageError(
    `This browser cannot hold a picture of ${width}×${height} pixels: give a smaller one.`,
  );
}

/**
 * Gives a canvas the size of an image and draws it there, rounded to 8 bits.
 * @param alpha `height · width` values; opaque unless given.
 * @throws {ImageError} as {@link sizedContext}.
 */
export function drawImage(canvas: CanvasLike, image: RgbImage, alpha?: Float32Array): void {
  const context = sizedContext(canvas, image);
  for (let top = 0; top < image.height; top += STRIP) {
    const rows = { top, height: Math.min(STRIP, image.height - top) };
    context.putImageData(toImageData(image, alpha, rows), 0, top);
  }
}
