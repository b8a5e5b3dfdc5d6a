import { extname } from "node:path";
import { ImageError } from "../../image/errors.js";

/** A kind of image file that can be written. */
export type ImageFormat = "png" | "jpeg" | "webp" | "tiff" | "avif";

/** The abilities of an image format. */
export interface FormatLimits {
  readonly name: string;
  /** New files get the first one. */
  readonly endings: readonly [string, ...string[]];
  readonly alpha: boolean;
  readonly bits: 8 | 16;
  /** Whether it can store gray images in one channel. */
  readonly gray: boolean;
  readonly exif: boolean;
  /** Longest side in pixels. */
  readonly side: number;
}

export const IMAGE_FORMATS: Readonly<Record<ImageFormat, FormatLimits>> = {
  png: { name: "PNG", endings: [".png"], alpha: true, bits: 16, gray: true, exif: true, side: 2 ** 31 - 1 },
  jpeg: {
    name: "JPEG",
    endings: [".jpg", ".jpeg"],
    alpha: false,
    bits: 8,
    gray: true,
    exif: true,
    side: 65_500,
  },
  webp: {
    name: "WebP",
    endings: [".webp"],
    alpha: true,
    bits: 8,
    gray: false,
    exif: true,
    side: 16_383,
  },
  // The library writes no EXIF into TIFF files.
  tiff: {
    name: "TIFF",
    endings: [".tiff", ".tif"],
    alpha: true,
    bits: 16,
    gray: true,
    exif: false,
    side: 2 ** 31 - 1,
  },
  avif: {
    name: "AVIF",
    endings: [".avif"],
    alpha: true,
    bits: 8,
    gray: false,
    exif: true,
    side: 16_384,
  },
};

/** Endings of image files in words. */
export const IMAGE_ENDINGS_TEXT = ".png, .jpg, .webp, .tiff or .avif";

/** The format that a file's ending names; undefined if it names none. */
export function imageFormatOf(path: string): ImageFormat | undefined {
  const ending = extname(path).toLowerCase();
  const formats = Object.keys(IMAGE_FORMATS) as ImageFormat[];
  return formats.find((format) => IMAGE_FORMATS[format].endings.includes(ending));
}

/**
 * Checks that an image can be stored, before the work of making it.
 * @throws {ImageError} if a side is too long.
 */
export function checkImageSize(format: ImageFormat, width: number, height: number): void {
  const { name, side } = IMAGE_FORMATS[format];
  if (Math.max(width, height) <= side) return;
  throw new ImageError(
    `A ${name} file has at most ${side} pixels a side, and this one would be ${width}×${height}; write PNG instead.`,
  );
}
