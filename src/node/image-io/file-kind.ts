import { ImageError } from "../../image/errors.js";
import { ALL_IMAGES } from "./image-folder.js";

/** Bytes that begin files of a kind. */
type Signature = readonly [article: "a" | "an", kind: string, at: number, text: string];

/** The kinds that are read. */
const READ: readonly Signature[] = [
  ["a", "PNG", 0, "\x89PNG\r\n\x1a\n"],
  ["a", "JPEG", 0, "\xff\xd8\xff"],
  ["a", "GIF", 0, "GIF87a"],
  ["a", "GIF", 0, "GIF89a"],
  ["a", "WebP", 8, "WEBP"],
  ["a", "TIFF", 0, "II*\0"],
  ["a", "TIFF", 0, "MM\0*"],
  ["a", "TIFF", 0, "II+\0"],
  ["a", "TIFF", 0, "MM\0+"],
];

/** Kinds that people bring and that are not read; a raw photo of Canon is also a TIFF file. */
const NOT_READ: readonly Signature[] = [
  ["a", "Canon raw", 8, "CR\x02\0"],
  ["a", "PDF", 0, "%PDF"],
  ["a", "BMP", 0, "BM"],
  ["a", "Photoshop", 0, "8BPS"],
  ["a", "JPEG XL", 0, "\0\0\0\x0cJXL "],
  ["a", "JPEG XL", 0, "\xff\x0a"],
  ["a", "JPEG 2000", 0, "\0\0\0\x0cjP  "],
  ["an", "OpenEXR", 0, "\x76\x2f\x31\x01"],
  ["a", "Radiance", 0, "#?"],
  ["a", "FITS", 0, "SIMPLE  ="],
  ["a", "zip", 0, "PK\x03\x04"],
  ["a", "gzip", 0, "\x1f\x8b"],
];

/** Portable bitmaps of any kind: P1 to P7, Pf and PF. */
const PORTABLE = /^P[1-7fF]\s/;

/** HEIF's brands of pictures that are coded as HEVC. */
const HEIC = ["heic", "heix", "heim", "heis", "hevc", "hevx"];

/** Text of a file that may hold a drawing. */
const DRAWING_BYTES = 4096;

/**
 * Checks by its first bytes that a file is of a kind that is read, before anything decodes it: the image library
 * also reads kinds, such as SVG, that can take minutes and any memory.
 * @throws {ImageError} if it is not, naming the kind where it is known.
 */
export function assertKnownKind(path: string, bytes: Uint8Array): void {
  const refused = NOT_READ.find((signature) => matches(bytes, signature));
  if (refused) throw notRead(path, refused[0], refused[1]);
  if (READ.some((signature) => matches(bytes, signature))) return;
  const head = latin1(bytes, 0, DRAWING_BYTES);
  if (head.startsWith("ftyp", 4)) {
    assertAvif(path, head);
    return;
  }
  if (PORTABLE.test(head)) throw notRead(path, "a", "portable bitmap");
  if (/<svg[\s>]/i.test(head)) throw notRead(path, "an", "SVG");
  throw new ImageError(`${path} is not an image of a known kind: give a ${ALL_IMAGES.text} file.`);
}

/** Files of AVIF, HEIC and many videos begin alike and list what they are compatible with. */
function assertAvif(path: string, head: string): void {
  const size = [...head.slice(0, 4)].reduce((sum, char) => sum * 256 + char.charCodeAt(0), 0);
  const brands: readonly string[] = head.slice(8, size).match(/.{4}/gs) ?? [];
  if (brands.includes("avif") || brands.includes("avis")) return;
  if (brands.some((brand) => HEIC.includes(brand))) throw notRead(path, "a", "HEIC");
  throw notRead(path, "a", `video or other ${JSON.stringify(brands[0] ?? "")}`);
}

function matches(bytes: Uint8Array, [, , at, text]: Signature): boolean {
  return latin1(bytes, at, text.length) === text;
}

function latin1(bytes: Uint8Array, at: number, length: number): string {
  return Buffer.from(bytes.subarray(at, at + length)).toString("latin1");
}

function notRead(path: string, article: string, kind: string): ImageError {
  return new ImageError(
    `${path} is ${article} ${kind} file, which is not read: save the picture as ${ALL_IMAGES.text}.`,
  );
}
