import type { Engine } from "../../engine/device/engine.js";
import { canvasPixels } from "../../image/canvas/canvas-pixels.js";
import { texturePixels } from "../../image/canvas/texture-pixels.js";
import { ImageError } from "../../image/errors.js";
import { alphaOf, fromImageData } from "../../image/image-data.js";
import type { RgbImage } from "../../image/rgb-image.js";
import { fileNotes, HEAD_BYTES } from "./file-notes.js";

/** Largest number of pixels of a photo: a picture with twice its sides must still fit into memory. */
const MAX_PIXELS = 25_000_000;

/** An image file in memory. */
export interface DecodedImage {
  readonly image: RgbImage;
  /** `height · width` values, 1 for opaque; absent if all pixels are opaque. */
  readonly alpha?: Float32Array;
  readonly bitmap: ImageBitmap;
  readonly notes: readonly string[];
}

/**
 * Decodes an image file with the browser: upright, in sRGB, and with its colors as they are where it is transparent.
 * @throws {ImageError} if the browser cannot decode it, or it is too large.
 */
export async function decodeImage(file: Blob, name: string, engine: Engine): Promise<DecodedImage> {
  let bitmap: ImageBitmap;
  try {
    bitmap = await createImageBitmap(file, { imageOrientation: "from-image", premultiplyAlpha: "none" });
  } catch (cause) {
    throw new ImageError(
      `${name} is not a picture that this browser can read. Choose a PNG, JPEG, WebP or AVIF file.`,
      { cause },
    );
  }
  const { width, height } = bitmap;
  if (width * height > MAX_PIXELS) {
    bitmap.close();
    throw new ImageError(
      `${name} has ${Math.ceil((width * height) / 1e6)} megapixels, and this page takes at most ${MAX_PIXELS / 1e6}. Choose a smaller one, or cut out a part.`,
    );
  }
  const drawn = canvasPixels(bitmap);
  const alpha = alphaOf(drawn);
  const pixels = alpha ? await texturePixels(bitmap, engine) : drawn;
  return {
    image: fromImageData(pixels),
    ...(alpha ? { alpha } : {}),
    bitmap,
    notes: fileNotes(new TextDecoder("latin1").decode(await file.slice(0, HEAD_BYTES).arrayBuffer()), name),
  };
}
