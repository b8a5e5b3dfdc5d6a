import { deflateSync } from "node:zlib";
import { withoutExifPrefix } from "./exif-block.js";
import type { ImageMetadata } from "./image-metadata.js";
import { pngChunk, pngChunks } from "./png-chunks.js";

/** The signature, and the header that must come first. */
const START_BYTES = 8 + 25;

/** Adds color profile, EXIF and XMP to a PNG file; sharp itself only passes on those of a file that it reads. */
export function withPngMetadata(png: Uint8Array, { icc, exif, xmp, density }: ImageMetadata): Uint8Array {
  return Buffer.concat([
    png.subarray(0, START_BYTES),
    ...(density === undefined ? [] : [pngChunk("pHYs", "", physicalSize(density))]),
    ...(icc ? [pngChunk("iCCP", "icc\0\0", deflateSync(icc))] : []),
    ...(exif ? [pngChunk("eXIf", "", withoutExifPrefix(exif))] : []),
    ...(xmp ? [pngChunk("iTXt", "XML:com.adobe.xmp\0\0\0\0\0", xmp)] : []),
    png.subarray(START_BYTES),
  ]);
}

/** Adds density and the meaning of the numbers to a PNG file: what the library does not write. */
export function withPngColors(png: Uint8Array, { density, colorChunks = [] }: ImageMetadata): Uint8Array {
  if (density === undefined && colorChunks.length === 0) return png;
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

/** Pixels in a meter, along both sides. */
function physicalSize(density: number): Uint8Array {
  const bytes = Buffer.alloc(9, 1);
  for (const at of [0, 4]) bytes.writeUInt32BE(Math.round(density / 0.0254), at);
  return bytes;
}
