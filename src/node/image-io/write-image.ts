import sharp, { type Sharp } from "sharp";
import { ImageError } from "../../image/errors.js";
import { onWhite } from "../../image/on-white.js";
import type { RgbImage } from "../../image/rgb-image.js";
import { writeFileAtomic } from "../files/atomic-write.js";
import { withDensity } from "./density.js";
import {
  type FormatLimits,
  IMAGE_ENDINGS_TEXT,
  IMAGE_FORMATS,
  type ImageFormat,
  imageFormatOf,
} from "./image-format.js";
import type { ImageMetadata } from "./metadata/image-metadata.js";
import { withPngColors, withPngMetadata } from "./metadata/png-metadata.js";
import type { DecodedImage } from "./read-image.js";

/** An image to write. */
export interface WritableImage {
  readonly rgb: RgbImage;
  /** `height · width` values in [0, 1], 1 opaque; the colors are not multiplied by it. */
  readonly alpha?: Float32Array;
  /** Bits of each sample, where the format has a choice; 8 unless given. */
  readonly bitDepth?: 8 | 16;
  /** Whether to store one plane, the first, where the format can. */
  readonly gray?: boolean;
  readonly metadata?: ImageMetadata;
}

/**
 * Writes an image file in the format that its ending names.
 * @throws {ImageError} if the ending names none, or the format cannot hold the image.
 * @throws {OutputError} if the file cannot be written.
 */
export async function writeImage(path: string, image: WritableImage): Promise<void> {
  const format = imageFormatOf(path);
  if (!format) throw new ImageError(`${path}: an image is written as ${IMAGE_ENDINGS_TEXT}.`);
  await writeFileAtomic(path, await encodeImage(image, format));
}

/**
 * An image as the bytes of a file. Values are clipped to [0, 1] and rounded to the nearest level, transparency is laid
 * on white where the format has none, and color profile, EXIF and XMP go along.
 * @throws {ImageError} if the format cannot hold the image.
 */
export async function encodeImage(image: WritableImage, format: ImageFormat): Promise<Uint8Array> {
  const { metadata = {} } = image;
  const file = await encodePixels(image, format);
  return format === "png" ? withPngColors(file, metadata) : withDensity(file, format, metadata.density);
}

async function encodePixels(image: WritableImage, format: ImageFormat): Promise<Uint8Array> {
  try {
    const { plain, space } = samples(image, IMAGE_FORMATS[format]);
    const { icc, exif, xmp, density } = image.metadata ?? {};
    if (!icc && !exif && !xmp) return await encode(plain.toColorspace(space), format);
    // The library passes on only metadata that it has read, so it reads it from this.
    const png = await plain.toColorspace(space).png({ compressionLevel: 0 }).toBuffer();
    const carrier = sharp(withPngMetadata(png, { icc, exif, xmp, density }), { limitInputPixels: false });
    const kept = carrier.toColorspace(space).keepIccProfile().keepXmp();
    // It would make up EXIF where there is none.
    return await encode(exif ? kept.keepExif() : kept, format);
  } catch (cause) {
    if (!(cause instanceof Error)) throw cause;
    const { width, height } = image.rgb;
    const { name } = IMAGE_FORMATS[format];
    throw new ImageError(`An image of ${width}×${height} cannot be stored as ${name} (${cause.message}).`, {
      cause,
    });
  }
}

/** Sentences for the user about properties of an image that a format cannot hold. */
export function lossesOf({ alpha, bitDepth, gray, metadata }: DecodedImage, format: ImageFormat): string[] {
  const kept = IMAGE_FORMATS[format];
  const losses = [
    alpha && !kept.alpha && "transparency, which is laid on white",
    bitDepth > kept.bits && `16 bits a sample, which become ${kept.bits}`,
    gray && !kept.gray && metadata.icc && "a gray color profile",
    metadata.exif && !kept.exif && "EXIF",
    format !== "png" && chunkNames(metadata) && `the meaning of its colors (${chunkNames(metadata)})`,
    isDensityLost(metadata, format) && "its density",
  ].filter((loss) => typeof loss === "string" && loss !== "");
  return losses.length > 0
    ? [`${kept.name}, as it is written here, cannot hold what the image has: ${losses.join("; ")}.`]
    : [];
}

/** WebP and AVIF say a density in EXIF only, which has no ratios. */
function isDensityLost({ density, exif }: ImageMetadata, format: ImageFormat): boolean {
  return (
    density !== undefined && !(exif && density.unit === "inch") && (format === "webp" || format === "avif")
  );
}

/** The names of an image's color chunks; sRGB is what its numbers mean without one. */
function chunkNames({ colorChunks = [] }: ImageMetadata): string {
  return colorChunks
    .map(({ type }) => type)
    .filter((type) => type !== "sRGB")
    .join(", ");
}

function encode(image: Sharp, format: ImageFormat): Promise<Uint8Array> {
  switch (format) {
    case "png":
      return image.png().toBuffer();
    case "jpeg":
      return image.jpeg({ quality: 95, chromaSubsampling: "4:4:4" }).toBuffer();
    case "webp":
      return image.webp({ quality: 95, smartSubsample: true, exact: true }).toBuffer();
    case "tiff":
      return image.tiff({ compression: "deflate", predictor: "horizontal" }).toBuffer();
    case "avif":
      return image.avif({ quality: 80, chromaSubsampling: "4:4:4" }).toBuffer();
  }
}

/** The image as whole numbers, channel after channel of each pixel, and the color space they stand for. */
function samples(image: WritableImage, limits: FormatLimits): { plain: Sharp; space: string } {
  const { width, height } = image.rgb;
  const pixels = width * height;
  const alpha = limits.alpha ? image.alpha : undefined;
  const rgb = image.alpha && !alpha ? onWhite(image.rgb, image.alpha) : image.rgb;
  const gray = image.gray === true && limits.gray;
  const bits = Math.min(image.bitDepth ?? 8, limits.bits);
  const planes = [0, 1, 2]
    .slice(0, gray ? 1 : 3)
    .map((plane) => rgb.data.subarray(plane * pixels, (plane + 1) * pixels));
  if (alpha) planes.push(alpha);
  const largest = 2 ** bits - 1;
  const levels =
    bits === 16 ? new Uint16Array(planes.length * pixels) : new Uint8Array(planes.length * pixels);
  planes.forEach((plane, channel) => {
    for (let pixel = 0; pixel < pixels; pixel++) {
      const value = Math.min(Math.max(plane[pixel], 0), 1);
      levels[planes.length * pixel + channel] = Math.round(largest * value);
    }
  });
  const channels = planes.length as 1 | 2 | 3 | 4;
  return {
    plain: sharp(levels, { limitInputPixels: false, raw: { width, height, channels } }),
    space: bits === 16 ? (gray ? "grey16" : "rgb16") : gray ? "b-w" : "srgb",
  };
}
