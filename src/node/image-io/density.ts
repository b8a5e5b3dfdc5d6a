import type { ImageFormat } from "./image-format.js";
import { wholeDensity } from "./metadata/density.js";
import type { Density } from "./metadata/image-metadata.js";
import { setTiffNumber, tiffDirectory } from "./metadata/tiff-tags.js";

const X_RESOLUTION = 282;
const Y_RESOLUTION = 283;
const RESOLUTION_UNIT = 296;

/** Units of a TIFF file's resolution. */
const NO_UNIT = 1;
const INCH = 2;

/**
 * An encoded JPEG or TIFF file with the density of its pixels; a TIFF file also says that it is unknown, where the library writes
 * 25.4. PNG files have a chunk for it, and WebP and AVIF EXIF only.
 */
export function withDensity(file: Uint8Array, format: ImageFormat, density: Density | undefined): Uint8Array {
  if (format === "jpeg" && density) return withJfif(file, density);
  if (format === "tiff") setTiffDensity(file, density);
  return file;
}

function setTiffDensity(file: Uint8Array, density: Density | undefined): void {
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
  const directory = tiffDirectory(view);
  if (!directory) return;
  setTiffNumber(view, directory, X_RESOLUTION, density?.x ?? 1);
  setTiffNumber(view, directory, Y_RESOLUTION, density?.y ?? 1);
  setTiffNumber(view, directory, RESOLUTION_UNIT, density?.unit === "inch" ? INCH : NO_UNIT);
}

const START_BYTES = 2;
const MAX_JFIF = 0xffff;

/** The library writes no JFIF segment, which is the first one of a file. */
function withJfif(file: Uint8Array, density: Density): Uint8Array {
  const [x, y] = wholeDensity(density, MAX_JFIF);
  const segment = Buffer.from("\xff\xe0\0\x10JFIF\0\x01\x02\0\0\0\0\0\0\0", "latin1");
  segment.writeUInt8(density.unit === "inch" ? 1 : 0, 11);
  segment.writeUInt16BE(x, 12);
  segment.writeUInt16BE(y, 14);
  return Buffer.concat([file.subarray(0, START_BYTES), segment, file.subarray(START_BYTES)]);
}
