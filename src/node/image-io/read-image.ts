import sharp, { type Metadata } from "sharp";
import { ImageError } from "../../image/errors.js";
import { type RgbImage, rgbImage } from "../../image/rgb-image.js";
import { readRegularFile } from "../files/read-file.js";
import { firstLine, readFailure } from "../files/system-errors.js";
import { assertKnownKind } from "./file-kind.js";
import { nclxChunk } from "./metadata/avif-colors.js";
import { uprightExif } from "./metadata/exif-block.js";
import type { ImageMetadata } from "./metadata/image-metadata.js";
import { type PngChunk, pngChunks } from "./metadata/png-chunks.js";
import { tiffFacts } from "./metadata/tiff-facts.js";
import { xmpFor } from "./metadata/xmp-packet.js";

/** An image file in memory. */
export interface DecodedImage {
  /** Upright: the EXIF orientation is applied. */
  readonly rgb: RgbImage;
  /** `height · width` values in [0, 1], 1 opaque; the colors are not multiplied by it. */
  readonly alpha?: Float32Array;
  readonly width: number;
  readonly height: number;
  /** Bits of each sample in the file: values are multiples of 1/255 or of 1/65535. */
  readonly bitDepth: 8 | 16;
  /** Whether the file has brightness alone, which is then in all three planes. */
  readonly gray: boolean;
  /** As the file's contents say, such as `"png"` or `"jpeg"`. */
  readonly format: string;
  readonly metadata: ImageMetadata;
  /** Sentences for the user about what could not be kept as it was. */
  readonly notes: readonly string[];
}

/** An uncompressed file of the most pixels, with 16 bits and transparency, has 0.8 GB. */
export const MAX_IMAGE_BYTES = 1_000_000_000;

/** The planes of a larger image would take more than 1.2 GB. */
const MAX_PIXELS = 100_000_000;

/**
 * Reads a PNG, JPEG, WebP, TIFF, AVIF or GIF file. Values are exactly `v/255` or `v/65535` of the stored RGB or
 * gray samples, whatever color profile is embedded; only CMYK and Lab are converted, to sRGB. Of several
 * pictures in a file, the first counts.
 * @param source the file's path, or its bytes.
 * @throws {ImageError} if the file is missing, damaged, incomplete, too large, or no image.
 */
export async function readImage(source: string | Uint8Array): Promise<DecodedImage> {
  return typeof source === "string"
    ? decodeImage(source, await readBytes(source))
    : decodeImage("The picture", source);
}

/**
 * Decodes the bytes of an image file; see {@link readImage}.
 * @param path the file's name in messages.
 * @throws {ImageError} as {@link readImage} does.
 */
export async function decodeImage(path: string, bytes: Uint8Array): Promise<DecodedImage> {
  if (bytes.length === 0) throw new ImageError(`${path} is empty (0 bytes).`);
  assertKnownKind(path, bytes);
  let metadata: Metadata;
  try {
    metadata = await sharp(bytes, { limitInputPixels: false }).metadata();
  } catch (cause) {
    throw damaged(path, cause);
  }
  const megapixels = (metadata.width * metadata.height) / 1e6;
  if (megapixels > MAX_PIXELS / 1e6) {
    throw new ImageError(
      `${path} has ${Math.ceil(megapixels)} megapixels; at most ${MAX_PIXELS / 1e6} can be processed.`,
    );
  }
  if (metadata.depth !== "uchar" && metadata.depth !== "ushort") {
    throw new ImageError(`${path} has samples of the type ${metadata.depth}; save it with 8 or 16 bits.`);
  }
  const tiff = metadata.format === "tiff" ? tiffFacts(bytes) : undefined;
  if (tiff?.bands !== undefined) {
    throw new ImageError(
      `${path} has ${tiff.bands} bands; only gray and RGB images can be enlarged, with or without transparency: save one or three of its bands as a new file.`,
    );
  }
  const bitDepth = metadata.depth === "ushort" ? 16 : 8;
  const chunks = pngChunks(bytes);
  const samples = await decode(path, bytes, metadata, bitDepth);
  return {
    ...samples,
    bitDepth,
    gray: isGrayFile(metadata),
    format: metadata.format,
    metadata: keptMetadata(metadata, bytes, chunks, samples),
    notes: notesOn(path, metadata, chunks, tiff?.isGeoreferenced === true),
  };
}

function damaged(path: string, cause: unknown): ImageError {
  return new ImageError(`${path} is damaged or incomplete (${firstLine(cause)}).`, { cause });
}

async function readBytes(path: string): Promise<Buffer> {
  try {
    return await readRegularFile(path, MAX_IMAGE_BYTES);
  } catch (cause) {
    throw new ImageError(`${path} cannot be read: ${readFailure(cause)}.`, { cause });
  }
}

async function decode(
  path: string,
  bytes: Uint8Array,
  metadata: Metadata,
  bitDepth: 8 | 16,
): Promise<Pick<DecodedImage, "rgb" | "alpha" | "width" | "height">> {
  // "error" refuses a file that ends early, but not one with the small faults that many cameras write.
  const image = sharp(bytes, { failOn: "error", limitInputPixels: false, ignoreIcc: !isConverted(metadata) })
    .autoOrient()
    .toColorspace(bitDepth === 16 ? "rgb16" : "srgb")
    .raw({ depth: bitDepth === 16 ? "ushort" : "uchar" });
  try {
    const { data, info } = await image.toBuffer({ resolveWithObject: true });
    const { width, height, channels } = info;
    const samples =
      bitDepth === 16 ? new Uint16Array(data.buffer, data.byteOffset, data.byteLength / 2) : data;
    const plane = planeReader(samples, channels, width * height, 2 ** bitDepth - 1);
    const planes = new Float32Array(3 * width * height);
    for (let channel = 0; channel < 3; channel++) plane(channel, planes, channel * width * height);
    const rgb = rgbImage(width, height, planes);
    if (channels < 4) return { rgb, width, height };
    const alpha = new Float32Array(width * height);
    plane(3, alpha, 0);
    return { rgb, alpha, width, height };
  } catch (cause) {
    throw damaged(path, cause);
  }
}

/** A function that copies one channel of interleaved samples into a plane, divided by the largest sample. */
function planeReader(samples: Uint8Array | Uint16Array, channels: number, pixels: number, largest: number) {
  return (channel: number, plane: Float32Array, offset: number): void => {
    for (let pixel = 0; pixel < pixels; pixel++) {
      plane[offset + pixel] = (samples[pixel * channels + channel] as number) / largest;
    }
  };
}

/** Whether the samples are neither RGB nor gray, and must be converted through their profile. */
function isConverted({ space }: Metadata): boolean {
  return space === "cmyk" || space === "lab" || space === "labs";
}

function isGrayFile({ space }: Metadata): boolean {
  return space === "b-w" || space === "grey16";
}

/** Whether a profile's device side, named in bytes 16 to 19 of its header, is what the samples are. */
function fits(icc: Uint8Array, metadata: Metadata): boolean {
  const space = Buffer.from(icc.subarray(16, 20)).toString("latin1");
  return !isConverted(metadata) && space === (isGrayFile(metadata) ? "GRAY" : "RGB ");
}

/** Chunks that say what the numbers of a PNG file mean. */
const COLOR_CHUNKS = ["gAMA", "cHRM", "cICP"];

function keptMetadata(
  metadata: Metadata,
  bytes: Uint8Array,
  chunks: readonly PngChunk[],
  { width, height }: Pick<DecodedImage, "width" | "height">,
): ImageMetadata {
  const { icc, exif, xmp } = metadata;
  const density = densityOf(metadata, chunks);
  const packet = xmp && xmpFor(xmp, width, height);
  const nclx = metadata.format === "heif" ? nclxChunk(bytes) : undefined;
  const colorChunks = nclx ? [nclx] : chunks.filter(({ type }) => COLOR_CHUNKS.includes(type));
  return {
    ...(icc && fits(icc, metadata) ? { icc: Uint8Array.from(icc) } : {}),
    ...(exif ? { exif: uprightExif(exif) } : {}),
    ...(packet ? { xmp: packet } : {}),
    ...(density === undefined ? {} : { density }),
    // A profile counts before them.
    ...(colorChunks.length > 0 && !icc ? { colorChunks } : {}),
  };
}

/** The library calls files without a density 72 dpi. */
function densityOf(
  { density, resolutionUnit, format }: Metadata,
  chunks: readonly PngChunk[],
): number | undefined {
  if (density === undefined) return undefined;
  const isSaid =
    format === "png"
      ? chunks.some(({ type, contents }) => type === "pHYs" && contents[8] === 1)
      : resolutionUnit === "inch" || resolutionUnit === "cm";
  return isSaid ? density : undefined;
}

function notesOn(
  path: string,
  metadata: Metadata,
  chunks: readonly PngChunk[],
  isGeoreferenced: boolean,
): string[] {
  const notes: string[] = [];
  if (isConverted(metadata)) {
    notes.push(`${path} was converted from ${metadata.space.toUpperCase()} to sRGB.`);
  } else if (metadata.icc && !fits(metadata.icc, metadata)) {
    notes.push(`${path} has a color profile for another kind of samples, which is not kept.`);
  }
  if ((metadata.pages ?? 1) > 1) notes.push(`${path} holds ${metadata.pages} pictures; the first is used.`);
  const animation = chunks.find(({ type }) => type === "acTL")?.contents;
  const frames = animation && animation.length >= 4 ? Buffer.from(animation).readUInt32BE(0) : 1;
  if (frames > 1) notes.push(`${path} holds ${frames} frames; the first is used.`);
  if (metadata.xmp && !xmpFor(metadata.xmp, 1, 1)) {
    notes.push(`${path} has XMP about a video or map in the same file; neither is kept.`);
  }
  if (isGeoreferenced) notes.push(`${path} is georeferenced (GeoTIFF), which is not kept.`);
  return notes;
}
