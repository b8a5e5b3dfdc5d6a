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
 * Decodes an image file with the browser: upright, and in sRGB.
 * @throws {ImageError} if the browser cannot decode it, or it is too large.
 */
export async function decodeImage(file: Blob, name: string): Promise<DecodedImage> {
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
      `${name} has ${Math.ceil((width * height) / 1e6)} megapixels, and this page takes at most ${MAX_PIXELS / 1e6}. Choose a smaller picture, or cut out the part that matters.`,
    );
  }
  const pixels = readPixels(bitmap);
  const alpha = alphaOf(pixels);
  return {
    image: fromImageData(pixels),
    ...(alpha ? { alpha } : {}),
    bitmap,
    notes: fileNotes(new TextDecoder("latin1").decode(await file.slice(0, HEAD_BYTES).arrayBuffer()), name),
  };
}

function readPixels(bitmap: ImageBitmap): ImageData {
  const canvas = new OffscreenCanvas(bitmap.width, bitmap.height);
  const context = canvas.getContext("2d", { willReadFrequently: true });
  if (!context)
    throw new ImageError("This browser has no memory left for the picture. Choose a smaller one.");
  context.drawImage(bitmap, 0, 0);
  return context.getImageData(0, 0, bitmap.width, bitmap.height);
}
