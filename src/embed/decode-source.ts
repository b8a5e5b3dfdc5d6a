import type { Engine } from "../engine/device/engine.js";
import { assertRgbImage } from "../image/assert-rgb-image.js";
import { ImageError } from "../image/errors.js";
import { alphaOf, fromImageData, type PixelData } from "../image/image-data.js";
import type { RgbImage } from "../image/rgb-image.js";
import { assertSource, isDrawable, pictureAddress, tagOf } from "./assert-source.js";
import { drawnPixels } from "./drawn-pixels.js";
import type { PictureSource } from "./picture-source.js";

/** An image in memory. */
export interface DecodedSource {
  readonly rgb: RgbImage;
  /** `height · width` values; absent if all pixels are opaque. */
  readonly alpha?: Float32Array;
}

/**
 * Reads the pixels of a picture: upright, in sRGB, with 8 bits a sample, colors not multiplied by alpha. An {@link RgbImage} is
 * taken as it is.
 * @throws {ImageError} if it cannot be fetched or decoded, belongs to another site, or is no picture.
 */
export async function decodeSource(
  source: PictureSource,
  engine: Engine,
  signal?: AbortSignal,
): Promise<DecodedSource> {
  assertSource(source);
  if (typeof source === "string" || source instanceof URL) {
    return decodeBlob(await fetchPicture(source, signal), String(source), engine);
  }
  if (isFile(source)) return decodeBlob(source, (source as Partial<File>).name || "The file", engine);
  if (isDrawable(source)) return fromPixels(await drawnPixels(source, engine));
  if (isPixels(source)) return fromPixels(source);
  const rgb = source as RgbImage;
  assertRgbImage(rgb);
  return { rgb };
}

function isFile(source: unknown): source is Blob {
  return ["Blob", "File"].includes(tagOf(source));
}

function isPixels(source: object): source is PixelData {
  return "data" in source && tagOf(source.data) === "Uint8ClampedArray";
}

function fromPixels(pixels: PixelData): DecodedSource {
  const alpha = alphaOf(pixels);
  return { rgb: fromImageData(pixels), ...(alpha ? { alpha } : {}) };
}

async function fetchPicture(source: string | URL, signal?: AbortSignal): Promise<Blob> {
  const url = pictureAddress(source);
  let response: Response;
  try {
    response = await fetch(url, { signal });
  } catch (cause) {
    signal?.throwIfAborted();
    throw new ImageError(
      `The picture could not be fetched from ${source}: the address does not answer, or its server does not allow this page (CORS).`,
      { cause },
    );
  }
  if (!response.ok) throw new ImageError(`There is no picture at ${source} (HTTP ${response.status}).`);
  return response.blob();
}

async function decodeBlob(blob: Blob, name: string, engine: Engine): Promise<DecodedSource> {
  let bitmap: ImageBitmap;
  try {
    bitmap = await createImageBitmap(blob, { imageOrientation: "from-image", premultiplyAlpha: "none" });
  } catch (cause) {
    throw new ImageError(
      `${name} is not a picture that this browser can read: give a PNG, JPEG, WebP or AVIF file.`,
      { cause },
    );
  }
  try {
    return fromPixels(await drawnPixels(bitmap, engine));
  } finally {
    bitmap.close();
  }
}
