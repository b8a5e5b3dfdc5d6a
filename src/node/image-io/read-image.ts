import sharp, { type Metadata } from "sharp";
import { ImageError } from "../../image/errors.js";
import { type RgbImage, rgbImage } from "../../image/rgb-image.js";
import { nameText } from "../../weights/weight-file.js";
import { readRegularFile } from "../files/read-file.js";
import { firstLine, readFailure } from "../files/system-errors.js";
import { assertKnownKind, notRead, RAW } from "./file-kind.js";
import { nclxChunk } from "./metadata/avif-colors.js";
import { readDensity, turnedDensity } from "./metadata/density.js";
import { uprightExif } from "./metadata/exif-block.js";
import type { ImageMetadata } from "./metadata/image-metadata.js";
import { type JpegFacts, jpegFacts } from "./metadata/jpeg-facts.js";
import { type PngChunk, pngChunks, pngKeywords, withEarlyMetadata } from "./metadata/png-chunks.js";
import { type TiffFacts, tiffFacts } from "./metadata/tiff-facts.js";
import { whyNoXmp, xmpFor } from "./metadata/xmp-packet.js";

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
export async function decodeImage(path: string, file: Uint8Array): Promise<DecodedImage> {
  if (file.length === 0) throw new ImageError(`${path} is empty (0 bytes).`);
  assertKnownKind(path, file);
  const isAnimatedAvif = brandOf(file) === ANIMATED_AVIF;
  const bytes = isAnimatedAvif ? asStillAvif(file) : withEarlyMetadata(file);
  let metadata: Metadata;
  try {
    metadata = await sharp(bytes, { limitInputPixels: false }).metadata();
  } catch (cause) {
    // A TIFF can have more bands than the image library takes.
    const { bands } = tiffFacts(bytes);
    throw bands === undefined ? damaged(path, cause) : tooManyBands(path, bands);
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
  if (tiff?.isRaw) throw notRead(path, RAW);
  if (tiff?.bands !== undefined) throw tooManyBands(path, tiff.bands);
  const bitDepth = metadata.depth === "ushort" ? 16 : 8;
  const chunks = pngChunks(bytes);
  const samples = await decode(path, bytes, metadata, bitDepth);
  return {
    ...samples,
    bitDepth,
    gray: isGrayFile(metadata),
    format: metadata.format,
    metadata: keptMetadata(metadata, bytes, chunks, samples),
    notes: [
      ...(isAnimatedAvif ? [`${path} is an animation; its first picture is used.`] : []),
      ...notesOn(path, metadata, chunks, {
        tiff,
        jpeg: metadata.format === "jpeg" ? jpegFacts(bytes) : undefined,
      }),
    ],
  };
}

function tooManyBands(path: string, bands: number): ImageError {
  return new ImageError(
    `${path} has ${bands} bands; only gray and RGB images can be enlarged, with or without transparency: save one or three of its bands as a new file.`,
  );
}

function damaged(path: string, cause: unknown): ImageError {
  return new ImageError(
    `${path} is damaged or incomplete, or of a kind that is not supported (${firstLine(cause)}).`,
    { cause },
  );
}

const ANIMATED_AVIF = "ftypavis";
const STILL_AVIF = "avif";

/** What a file of AVIF's family begins with. */
function brandOf(bytes: Uint8Array): string {
  return Buffer.from(bytes.subarray(4, 12)).toString("latin1");
}

/** The image library reads the first picture of an animation only if the file calls itself a still picture. */
function asStillAvif(bytes: Uint8Array): Uint8Array {
  const copy = Buffer.from(bytes);
  copy.write(STILL_AVIF, 8, "latin1");
  return copy;
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

/** Chunks that say what the numbers of a PNG file mean, those that count most first. */
const COLOR_CHUNKS = [["cICP", "mDCV", "cLLI"], ["iCCP"], ["sRGB"], ["gAMA", "cHRM"]];

/** The chunks of the kind that counts; programs that do not know it go by the next. */
function colorChunksOf(chunks: readonly PngChunk[]): PngChunk[] {
  const kinds = COLOR_CHUNKS.map((types) => chunks.filter(({ type }) => types.includes(type)));
  const [hdr = [], ...others] = kinds;
  const next = others.find((kind) => kind.length > 0) ?? [];
  return [...hdr, ...next].filter(({ type }) => type !== "iCCP");
}

function keptMetadata(
  metadata: Metadata,
  bytes: Uint8Array,
  chunks: readonly PngChunk[],
  { width, height }: Pick<DecodedImage, "width" | "height">,
): ImageMetadata {
  const { icc, xmp, format, orientation = 1 } = metadata;
  const exif = metadata.exif && uprightExif(metadata.exif);
  const density = readDensity(format, bytes, chunks, exif);
  const packet = xmp && xmpFor(xmp, { width, height, isTurned: metadata.orientation !== undefined });
  const nclx = format === "heif" && !icc ? nclxChunk(bytes) : undefined;
  const colorChunks = nclx ? [nclx] : colorChunksOf(chunks);
  return {
    ...(icc && fits(icc, metadata) ? { icc: Uint8Array.from(icc) } : {}),
    ...(exif ? { exif } : {}),
    ...(packet ? { xmp: packet } : {}),
    ...(density ? { density: orientation > 4 ? turnedDensity(density) : density } : {}),
    ...(colorChunks.length > 0 ? { colorChunks } : {}),
  };
}

function notesOn(
  path: string,
  metadata: Metadata,
  chunks: readonly PngChunk[],
  { tiff, jpeg }: { readonly tiff?: TiffFacts; readonly jpeg?: JpegFacts },
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
  const noXmp = metadata.xmp && whyNoXmp(metadata.xmp);
  if (noXmp) notes.push(`${path} ${noXmp}.`);
  else if (jpeg?.hasVideo) notes.push(`${path} has a video after the picture, which is not kept.`);
  const lost = [
    ...(metadata.iptc ? ["IPTC"] : []),
    ...(tiff?.texts ?? []),
    ...pngKeywords(chunks).map((keyword) => `the text ${nameText(keyword)}`),
    ...(jpeg?.hasComment ? ["a comment"] : []),
  ];
  if (lost.length > 0) notes.push(`${path} has ${lost.join(", ")}; this is not kept.`);
  if (tiff?.isGeoreferenced) notes.push(`${path} is georeferenced (GeoTIFF), which is not kept.`);
  return notes;
}
