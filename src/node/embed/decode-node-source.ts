import { isAddress } from "../../embed/assert-source.js";
import type { DecodedSource } from "../../embed/decode-source.js";
import { kindOf, tagOf } from "../../engine/kind-of.js";
import { assertRgbImage } from "../../image/assert-rgb-image.js";
import { ImageError } from "../../image/errors.js";
import type { RgbImage } from "../../image/rgb-image.js";
import { firstLine } from "../files/system-errors.js";
import { enlargedMetadata } from "../image-io/metadata/enlarged-metadata.js";
import { type DecodedImage, decodeImage, readImage } from "../image-io/read-image.js";
import type { WritableImage } from "../image-io/write-image.js";
import { filePath, isFileAddress } from "./file-path.js";

/** A picture as Node may have it: a path, an address, an image file in memory, or colors. */
export type NodePictureSource = string | URL | Blob | ArrayBuffer | Uint8Array | RgbImage;

/** What a picture takes over from the photo's file, so that it is written like that; nothing of an `RgbImage`. */
export type KeptFields = Pick<WritableImage, "bitDepth" | "gray" | "metadata">;

/** What Node can fetch. */
const ADDRESS = /^(https?|data|blob):/i;

/** No path is longer; texts of pictures are, such as those in base64. */
const MAX_PATH = 4096;

/**
 * Reads the pixels of a picture, and what its file says for one of `scale` times its sides.
 * @throws {ImageError} if it cannot be read or fetched, or is no picture.
 */
export async function decodeNodeSource(
  source: NodePictureSource,
  scale: number,
  signal?: AbortSignal,
): Promise<DecodedSource<KeptFields>> {
  if (isRgbImage(source)) {
    assertRgbImage(source);
    // Fields may be those of a class, which a copy of the object would lack.
    const { width, height, data } = source;
    return { rgb: { width, height, data } };
  }
  const { rgb, alpha, bitDepth, gray, metadata } = await readSource(source, signal);
  const enlarged = enlargedMetadata(metadata, scale * rgb.width, scale * rgb.height, scale);
  return { rgb, alpha, kept: { bitDepth, gray, metadata: enlarged } };
}

function isRgbImage(source: unknown): source is RgbImage {
  return typeof source === "object" && source !== null && "data" in source;
}

async function readSource(
  source: Exclude<NodePictureSource, RgbImage>,
  signal: AbortSignal | undefined,
): Promise<DecodedImage> {
  if (isAddress(source)) {
    const address = String(source);
    if (isFileAddress(address)) return readImage(filePath(address, ImageError));
    if (ADDRESS.test(address)) return readAddress(address, signal);
    if (typeof source === "string") return readPath(source);
    throw new ImageError(
      `${address} is no picture's address: give a path, or a URL of file:, https: or data:.`,
    );
  }
  const tag = tagOf(source);
  if (tag === "Uint8Array") return readImage(source as Uint8Array);
  if (tag === "ArrayBuffer") return readImage(new Uint8Array(source as ArrayBuffer));
  if (tag === "Blob" || tag === "File") {
    const { name = "The picture" } = source as Partial<File>;
    return decodeImage(name, new Uint8Array(await (source as Blob).arrayBuffer()));
  }
  throw new ImageError(
    `A picture is a path, a URL, a Blob or File, the bytes of an image file, or an RgbImage; got ${kindOf(source)}.`,
  );
}

function readPath(path: string): Promise<DecodedImage> {
  if (path.length <= MAX_PATH) return readImage(path);
  throw new ImageError(
    `A text of ${path.length} characters is no path; for a picture in base64, give Buffer.from(text, "base64").`,
  );
}

async function readAddress(address: string, signal: AbortSignal | undefined): Promise<DecodedImage> {
  const name = address.startsWith("data:") ? "The picture" : address;
  let status: string;
  try {
    const response = await fetch(address, { signal });
    if (response.ok) return await decodeImage(name, new Uint8Array(await response.arrayBuffer()));
    status = `HTTP ${response.status}`;
  } catch (cause) {
    signal?.throwIfAborted();
    if (cause instanceof ImageError) throw cause;
    // Why a fetch failed is in its cause.
    const reason = firstLine((cause as Error).cause ?? cause) || "the server does not answer";
    throw new ImageError(`${name} cannot be fetched: ${reason}.`, { cause });
  }
  throw new ImageError(`${name} cannot be fetched: ${status}.`);
}
