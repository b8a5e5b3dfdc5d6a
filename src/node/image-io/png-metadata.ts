import { deflateSync } from "node:zlib";
import { crc32 } from "../../weights/crc32.js";
import { withoutExifPrefix } from "./exif-block.js";
import type { ImageMetadata } from "./read-image.js";

/** The signature, and the header that must come first. */
const START_BYTES = 8 + 25;

/** Adds color profile, EXIF and XMP to a PNG file; sharp itself only passes on those of a file that it reads. */
export function withPngMetadata(png: Uint8Array, { icc, exif, xmp }: ImageMetadata): Uint8Array {
  return Buffer.concat([
    png.subarray(0, START_BYTES),
    ...(icc ? [chunk("iCCP", "icc\0\0", deflateSync(icc))] : []),
    ...(exif ? [chunk("eXIf", "", withoutExifPrefix(exif))] : []),
    ...(xmp ? [chunk("iTXt", "XML:com.adobe.xmp\0\0\0\0\0", xmp)] : []),
    png.subarray(START_BYTES),
  ]);
}

/** Length, type, contents, and a checksum of the last two. */
function chunk(type: string, head: string, data: Uint8Array): Uint8Array {
  const contents = Buffer.concat([Buffer.from(type + head, "latin1"), data]);
  const bytes = Buffer.alloc(4 + contents.length + 4);
  bytes.writeUInt32BE(contents.length - type.length, 0);
  bytes.set(contents, 4);
  bytes.writeUInt32BE(crc32(contents), 4 + contents.length);
  return bytes;
}
