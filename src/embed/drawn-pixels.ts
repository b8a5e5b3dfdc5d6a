import type { Engine } from "../engine/device/engine.js";
import { tagOf } from "../engine/kind-of.js";
import { canvasPixels } from "../image/canvas/canvas-pixels.js";
import { texturePixels } from "../image/canvas/texture-pixels.js";
import { ImageError } from "../image/errors.js";
import { alphaOf } from "../image/image-data.js";
import { assertUpscalable } from "../upscale/tiles/limits.js";
import { assertDrawing } from "./assert-drawing.js";

/**
 * The pixels of anything that can be drawn. A canvas multiplies colors by alpha, and with that loses them where little shows; so
 * what is transparent is read with the device.
 * @throws {ImageError} if they cannot be read.
 * @throws {UpscaleError} if there are too many.
 */
export async function drawnPixels(source: ImageBitmapSource, engine: Engine): Promise<ImageData> {
  assertDrawing();
  const bitmap = await toBitmap(source);
  try {
    const pixels = readable(() => canvasPixels(bitmap));
    return alphaOf(pixels) ? await texturePixels(bitmap, engine) : pixels;
  } finally {
    if (bitmap !== source) bitmap.close();
  }
}

/**
 * A copy of what something shows, its colors as they are; an ImageBitmap itself.
 * @throws {ImageError} if it cannot be read.
 * @throws {UpscaleError} if it has too many pixels; it is not copied then.
 */
export async function toBitmap(source: ImageBitmapSource): Promise<ImageBitmap> {
  assertUpscalable(source as ImageBitmap, 1);
  if (tagOf(source) === "ImageBitmap") return source as ImageBitmap;
  try {
    return await createImageBitmap(inBytes(source), { premultiplyAlpha: "none" });
  } catch (cause) {
    throw unreadable(cause);
  }
}

/** An ImageData of floats with 8 bits a sample: a device takes no others. */
function inBytes(source: ImageBitmapSource): ImageBitmapSource {
  const { width, height, data, colorSpace } = source as ImageData;
  if (tagOf(source) !== "ImageData" || tagOf(data) === "Uint8ClampedArray") return source;
  const bytes = Uint8ClampedArray.from(data, (value) => 255 * value);
  return new ImageData(bytes, width, height, { colorSpace });
}

/** @throws {ImageError} if another site's picture is in it. */
export function assertReadable(bitmap: ImageBitmap): void {
  readable(() => canvasPixels(bitmap, 1, 1));
}

function readable<T>(read: () => T): T {
  try {
    return read();
  } catch (cause) {
    throw unreadable(cause);
  }
}

function unreadable(cause: unknown): ImageError {
  return new ImageError(
    (cause as Error).name === "SecurityError"
      ? "The picture belongs to another site: load it with crossorigin, from a server that does allow this page (CORS)."
      : "The picture cannot be read: it is empty, closed, damaged, an SVG without width and height, or too large for this browser.",
    { cause },
  );
}
