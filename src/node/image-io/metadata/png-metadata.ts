import { deflateSync } from "node:zlib";
import { INCHES_IN_A_METER, wholeDensity } from "./density.js";
import { withoutExifPrefix } from "./exif-block.js";
import type { Density, ImageMetadata } from "./image-metadata.js";
import { pngChunk, pngChunks } from "./png-chunks.js";

/** The signature, and the header that must come first. */
const START_BYTES = 8 + 25;

/** What EXIF says where nothing is known. Without it, the library makes up 25.4. */
const UNKNOWN: Density = { x: 72, y: 72, unit: "inch" };

/** Adds color profile, EXIF and XMP to a PNG file; sharp itself only passes on those of a file that it reads. */
export function withPngMetadata(png: Uint8Array, { icc, exif, xmp, density }: ImageMetadata): Uint8Array {
  return Buffer.concat([
    png.subarray(0, START_BYTES),
    pngChunk("pHYs", "", physicalSize(density ?? UNKNOWN)),
    ...(icc ? [pngChunk("iCCP", "icc\0\0", deflateSync(icc))] : []),
    ...(exif ? [pngChunk("eXIf", "", withoutExifPrefix(exif))] : []),
    ...(xmp ? [pngChunk("iTXt", "XML:com.adobe.xmp\0\0\0\0\0", xmp)] : []),
    png.subarray(START_BYTES),
  ]);
}

/**
 * Adds density and the meaning of the numbers to a PNG file: what the library does not write. The density that it makes up where
 * none is known goes.
 */
export function withPngColors(png: Uint8Array, { density, colorChunks = [] }: ImageMetadata): Uint8Array {
  const chunks = pngChunks(png).filter(({ type }) => type !== "pHYs");
  const [header, ...others] = chunks.map(({ whole }) => whole);
  const pixels = png.subarray(8 + pngChunks(png).reduce((sum, { whole }) => sum + whole.length, 0));
  return Buffer.concat([
    png.subarray(0, 8),
    header,
    ...colorChunks.map(({ whole }) => whole),
    ...(density === undefined ? [] : [pngChunk("pHYs", "", physicalSize(density))]),
    ...others,
    pixels,
  ]);
}

const MAX_UINT31 = 2 ** 31 - 1;

/** Pixels in a meter along both sides, or without a unit. */
function physicalSize({ x, y, unit }: Density): Uint8Array {
  const inches = unit === "inch" ? INCHES_IN_A_METER : 1;
  const [wide, high] = wholeDensity({ x: x * inches, y: y * inches, unit }, MAX_UINT31);
  const bytes = Buffer.alloc(9);
  bytes.writeUInt32BE(wide, 0);
  bytes.writeUInt32BE(high, 4);
  bytes.writeUInt8(unit === "inch" ? 1 : 0, 8);
  return bytes;
}
