import { fileURLToPath } from "node:url";
import type { DecodedSource } from "../../embed/decode-source.js";
import { kindOf } from "../../engine/kind-of.js";
import { assertRgbImage } from "../../image/assert-rgb-image.js";
import { ImageError } from "../../image/errors.js";
import type { RgbImage } from "../../image/rgb-image.js";
import { readImage } from "../image-io/read-image.js";

/** A picture as Node may have it: a path, a `file:` URL, the bytes of an image file, or colors in memory. */
export type NodePictureSource = string | URL | Uint8Array | RgbImage;

/** Whether a value is the URL of a file. */
export function isFileUrl(value: unknown): value is URL {
  return value instanceof URL && value.protocol === "file:";
}

/**
 * Reads the pixels of a picture.
 * @throws {ImageError} if it cannot be read, or is no picture.
 */
export async function decodeNodeSource(source: NodePictureSource): Promise<DecodedSource> {
  if (isFileUrl(source)) return readImage(fileURLToPath(source));
  if (typeof source === "string" || source instanceof Uint8Array) return readImage(source);
  if (typeof source === "object" && source !== null && "data" in source) {
    assertRgbImage(source);
    return { rgb: source };
  }
  throw new ImageError(
    `A picture is a path, a file: URL, the bytes of an image file as a Uint8Array, or an RgbImage; got ${kindOf(source)}.`,
  );
}
