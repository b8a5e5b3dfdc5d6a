import { kindOf } from "../engine/kind-of.js";
import { assertRgbImage } from "../image/assert-rgb-image.js";
import { ImageError } from "../image/errors.js";
import { alphaOf, fromImageData, type PixelData } from "../image/image-data.js";
import type { RgbImage } from "../image/rgb-image.js";

/** An `<img>`, `<canvas>` or `<video>` of a page. */
export interface PictureElement {
  readonly nodeName: string;
  readonly width: number;
  readonly height: number;
}

/** A picture as a web page may have it; a string is an address. */
export type PictureSource =
  | string
  | URL
  | Blob
  | ImageData
  | ImageBitmap
  | OffscreenCanvas
  | VideoFrame
  | PictureElement
  | RgbImage;

/** An image in memory. */
export interface DecodedSource {
  readonly rgb: RgbImage;
  /** `height · width` values; absent if all pixels are opaque. */
  readonly alpha?: Float32Array;
}

/** Names of the kinds that a browser can draw. */
const DRAWABLE = ["ImageBitmap", "OffscreenCanvas", "VideoFrame"];
const ELEMENTS = ["IMG", "CANVAS", "VIDEO"];

/**
 * Reads the pixels of a picture: upright, in sRGB, with 8 bits a sample. An {@link RgbImage} is taken as it is.
 * @throws {ImageError} if it cannot be fetched or decoded, belongs to another site, or is no picture.
 */
export async function decodeSource(source: PictureSource, signal?: AbortSignal): Promise<DecodedSource> {
  if (typeof source === "string" || source instanceof URL) {
    return decodeBlob(await fetchPicture(source, signal), String(source));
  }
  if (typeof Blob === "function" && source instanceof Blob) {
    return decodeBlob(source, (source as Partial<File>).name ?? "The file");
  }
  if (isPixels(source)) return fromPixels(source);
  if (isRgb(source)) {
    assertRgbImage(source);
    return { rgb: source };
  }
  if (isDrawable(source)) return fromPixels(await pixelsOf(source));
  throw new ImageError(
    `A picture is a URL, a Blob or File, an ImageData, an ImageBitmap, an image, canvas or video, a VideoFrame or an RgbImage; got ${kindOf(source)}.`,
  );
}

function isPixels(source: object): source is PixelData {
  return "data" in source && source.data instanceof Uint8ClampedArray;
}

function isRgb(source: object): source is RgbImage {
  return "data" in source && "width" in source;
}

function isDrawable(source: unknown): source is ImageBitmapSource {
  if (typeof source !== "object" || source === null) return false;
  const { nodeName } = source as Partial<PictureElement>;
  return DRAWABLE.includes(source.constructor.name) || ELEMENTS.includes(nodeName?.toUpperCase() ?? "");
}

function fromPixels(pixels: PixelData): DecodedSource {
  const alpha = alphaOf(pixels);
  return { rgb: fromImageData(pixels), ...(alpha ? { alpha } : {}) };
}

async function fetchPicture(url: string | URL, signal?: AbortSignal): Promise<Blob> {
  let response: Response;
  try {
    response = await fetch(url, { signal });
  } catch (cause) {
    signal?.throwIfAborted();
    throw new ImageError(
      `The picture could not be fetched from ${url}: the address does not answer, or its server does not allow this page (CORS).`,
      { cause },
    );
  }
  if (!response.ok) throw new ImageError(`There is no picture at ${url} (HTTP ${response.status}).`);
  return response.blob();
}

async function decodeBlob(blob: Blob, name: string): Promise<DecodedSource> {
  let bitmap: ImageBitmap;
  try {
    bitmap = await createImageBitmap(blob, { imageOrientation: "from-image", premultiplyAlpha: "none" });
  } catch (cause) {
    throw new ImageError(
      `${name} is not a picture that this browser can read: give a PNG, JPEG, WebP or AVIF file.`,
      { cause },
    );
  }
  return fromPixels(await pixelsOf(bitmap));
}

/** The pixels of anything that can be drawn. */
async function pixelsOf(source: ImageBitmapSource): Promise<ImageData> {
  try {
    const bitmap = await createImageBitmap(source, { premultiplyAlpha: "none" });
    const { width, height } = bitmap;
    const context = new OffscreenCanvas(width, height).getContext("2d", { willReadFrequently: true });
    context?.drawImage(bitmap, 0, 0);
    bitmap.close();
    const pixels = context?.getImageData(0, 0, width, height);
    if (pixels) return pixels;
  } catch (cause) {
    const { name } = cause as Error;
    throw new ImageError(
      name === "SecurityError"
        ? "The picture belongs to another site, which keeps its pixels from this page: load it with crossorigin, from a server that allows it (CORS)."
        : "The picture's pixels cannot be read: it is not loaded yet, empty, or closed.",
      { cause },
    );
  }
  throw new ImageError("This browser has no memory left for the picture: give a smaller one.");
}
