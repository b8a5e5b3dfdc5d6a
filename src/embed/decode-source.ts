import type { Engine } from "../engine/device/engine.js";
import { tagOf } from "../engine/kind-of.js";
import { assertRgbImage } from "../image/assert-rgb-image.js";
import { ImageError } from "../image/errors.js";
import { alphaOf, fromImageData, type PixelData } from "../image/image-data.js";
import type { RgbImage } from "../image/rgb-image.js";
import { assertSource, isAddress, isDrawable, pictureAddress, shortAddress } from "./assert-source.js";
import { drawnPixels, toBitmap } from "./drawn-pixels.js";
import type { PictureSource } from "./picture-source.js";

/** An image in memory. */
export interface DecodedSource<Kept = unknown> {
  readonly rgb: RgbImage;
  /** `height · width` values; absent if all pixels are opaque. */
  readonly alpha?: Float32Array;
  /** What else its file says, for that of the picture. */
  readonly kept?: Kept;
}

/**
 * Copies what may show something else when its turn comes, such as a canvas or a video; other sources are given back.
 * @throws {ImageError} if the source is no picture, or one that cannot be drawn now.
 */
export async function holdSource(source: PictureSource): Promise<PictureSource> {
  assertSource(source);
  return isDrawable(source) ? toBitmap(source) : source;
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
  if (isAddress(source)) {
    return decodeBlob(await fetchPicture(source, signal), shortAddress(source), engine);
  }
  if (isFile(source)) return decodeBlob(source, (source as Partial<File>).name || "The file", engine);
  if (isDrawable(source)) return fromPixels(await drawnPixels(source, engine));
  if (isPixels(source)) return fromPixels(source);
  assertRgbImage(source as RgbImage);
  // Fields may be those of a class, which a copy of the object would lack.
  const { width, height, data } = source as RgbImage;
  return { rgb: { width, height, data } };
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
  let status: number;
  try {
    const response = await fetch(url, { signal });
    if (response.ok) return await response.blob();
    status = response.status;
  } catch (cause) {
    signal?.throwIfAborted();
    throw new ImageError(
      `The picture could not be fetched from ${shortAddress(source)}: no full answer came, or its server does not allow this page (CORS).`,
      { cause },
    );
  }
  throw new ImageError(`There is no picture at ${shortAddress(source)} (HTTP ${status}).`);
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
