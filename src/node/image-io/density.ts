import type { ImageFormat } from "./image-format.js";
import { setTiffNumber, tiffDirectory } from "./metadata/tiff-tags.js";

const X_RESOLUTION = 282;
const Y_RESOLUTION = 283;
const RESOLUTION_UNIT = 296;

/** Units of a TIFF file's resolution. */
const NO_UNIT = 1;
const INCH = 2;

/**
 * Writes how many pixels there are in an inch into an encoded JPEG or TIFF file, in place; in a TIFF file also that it is unknown,
 * where the library would write 25.4. PNG files have a chunk for it, and WebP and AVIF EXIF only.
 */
export function setDensity(file: Uint8Array, format: ImageFormat, density: number | undefined): void {
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
  if (format === "jpeg" && density !== undefined) setJpegDensity(view, density);
  if (format !== "tiff") return;
  const directory = tiffDirectory(view);
  if (!directory) return;
  for (const tag of [X_RESOLUTION, Y_RESOLUTION]) setTiffNumber(view, directory, tag, density ?? 1);
  setTiffNumber(view, directory, RESOLUTION_UNIT, density === undefined ? NO_UNIT : INCH);
}

/** The JFIF segment comes first. */
function setJpegDensity(view: DataView, density: number): void {
  const isJfif = view.byteLength > 18 && view.getUint16(2) === 0xffe0 && view.getUint32(6) === 0x4a464946;
  if (!isJfif) return;
  view.setUint8(13, 1);
  for (const at of [14, 16]) view.setUint16(at, Math.min(Math.round(density), 0xffff));
}
