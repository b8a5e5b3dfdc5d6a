import { withoutExifPrefix } from "./exif-block.js";
import type { Density } from "./image-metadata.js";
import type { PngChunk } from "./png-chunks.js";
import { type TiffDirectory, tiffDirectory, tiffFraction, tiffNumber } from "./tiff-tags.js";

const X_RESOLUTION = 282;
const Y_RESOLUTION = 283;
const RESOLUTION_UNIT = 296;

/** Units of TIFF and EXIF, which mean inches if they do not say so. */
const NO_UNIT = 1;
const CENTIMETERS = 3;

/** The name of the segment of a JPEG file that holds its density. */
const JFIF = 0x4a464946;

/** The larger number of a ratio that is not one of whole numbers. */
const RATIO = 1000;

/** Of PNG files. */
export const INCHES_IN_A_METER = 1 / 0.0254;
const CENTIMETERS_IN_AN_INCH = 2.54;

/**
 * The density that a file says, before it is turned upright; undefined if it says none. A PNG file's own counts before that of its
 * EXIF, and in a JPEG file that of EXIF before JFIF's, as other programs have it.
 */
export function readDensity(
  format: string,
  bytes: Uint8Array,
  chunks: readonly PngChunk[],
  exif: Uint8Array | undefined,
): Density | undefined {
  if (format === "tiff") return tiffDensity(bytes);
  const ofExif = exif && tiffDensity(withoutExifPrefix(exif));
  if (format === "png") return pngDensity(chunks) ?? ofExif;
  return ofExif ?? (format === "jpeg" ? jpegDensity(bytes) : undefined);
}

/** The density of an image that is enlarged by a factor, and as large as before on paper. */
export function enlargedDensity({ x, y, unit }: Density, scale: number): Density {
  return unit === "none" ? { x, y, unit } : { x: x * scale, y: y * scale, unit };
}

/** The density after a quarter turn. */
export function turnedDensity({ x, y, unit }: Density): Density {
  return { x: y, y: x, unit };
}

/** A density in whole numbers from 1 to a limit. A ratio keeps its value as well as they can. */
export function wholeDensity({ x, y, unit }: Density, limit: number): [x: number, y: number] {
  const isWhole = Number.isInteger(x) && Number.isInteger(y);
  const larger = Math.max(x, y);
  const factor = unit === "inch" || (isWhole && larger <= limit) ? 1 : Math.min(RATIO, limit) / larger;
  const whole = (value: number): number => Math.min(Math.max(Math.round(factor * value), 1), limit);
  return [whole(x), whole(y)];
}

function pngDensity(chunks: readonly PngChunk[]): Density | undefined {
  const contents = chunks.find(({ type }) => type === "pHYs")?.contents;
  if (!contents || contents.length < 9) return undefined;
  const view = new DataView(contents.buffer, contents.byteOffset, contents.byteLength);
  const inches = view.getUint8(8) === 1 ? INCHES_IN_A_METER : undefined;
  return density(view.getUint32(0), view.getUint32(4), inches);
}

function jpegDensity(bytes: Uint8Array): Density | undefined {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  // Segments of a marker and a length; the pixels begin with another marker.
  for (let at = 2; at + 18 <= bytes.length && (view.getUint16(at) & 0xfff0) === 0xffe0; ) {
    if (view.getUint32(at + 4) === JFIF) {
      const inches = [undefined, 1, 1 / CENTIMETERS_IN_AN_INCH][view.getUint8(at + 11)];
      return density(view.getUint16(at + 12), view.getUint16(at + 14), inches);
    }
    at += 2 + view.getUint16(at + 2);
  }
  return undefined;
}

/** Of a TIFF file, or of the TIFF structure in EXIF. */
function tiffDensity(bytes: Uint8Array): Density | undefined {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const directory: TiffDirectory | undefined = tiffDirectory(view);
  if (!directory) return undefined;
  const unit = tiffNumber(view, directory, RESOLUTION_UNIT);
  const inches = unit === NO_UNIT ? undefined : unit === CENTIMETERS ? 1 / CENTIMETERS_IN_AN_INCH : 1;
  const x = tiffFraction(view, directory, X_RESOLUTION);
  const y = tiffFraction(view, directory, Y_RESOLUTION);
  return x === undefined || y === undefined ? undefined : density(x, y, inches);
}

/** @param inches the unit of length in inches; undefined if there is none, and then equal numbers say nothing. */
function density(x: number, y: number, inches: number | undefined): Density | undefined {
  if (![x, y].every((value) => Number.isFinite(value) && value > 0)) return undefined;
  if (inches === undefined) return x === y ? undefined : { x, y, unit: "none" };
  // Meters hold no whole number of inches.
  const rounded = (value: number): number => Number((value / inches).toPrecision(5));
  return { x: rounded(x), y: rounded(y), unit: "inch" };
}
