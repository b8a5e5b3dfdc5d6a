import { ImageError } from "../errors.js";

/**
 * The pixels of a picture that is drawn on a canvas, from its top left. A canvas multiplies colors by alpha, and with that loses
 * them where little shows; see `texturePixels`.
 * @throws {ImageError} if the browser cannot make so large a canvas.
 * @throws a SecurityError if another site's picture is in it.
 */
export function canvasPixels(
  bitmap: ImageBitmap,
  width: number = bitmap.width,
  height: number = bitmap.height,
): ImageData {
  const context = new OffscreenCanvas(width, height).getContext("2d", { willReadFrequently: true });
  if (!context) throw new ImageError("No memory is left for the picture: give a smaller one.");
  context.drawImage(bitmap, 0, 0);
  return context.getImageData(0, 0, width, height);
}
