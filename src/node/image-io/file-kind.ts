import { extname } from "node:path";
import { ImageError } from "../../image/errors.js";
import { ALL_IMAGES } from "./image-folder.js";

/** A kind of file, told by its first bytes. */
export interface FileKind {
  /** Such as "PNG". */
  readonly name: string;
  readonly article: "a" | "an";
}

const kind = (name: string, article: "a" | "an" = "a"): FileKind => ({ name, article });

const [PNG, JPEG, GIF, WEBP, TIFF] = ["PNG", "JPEG", "GIF", "WebP", "TIFF"].map((name) => kind(name));
const AVIF = kind("AVIF", "an");
/** A camera's raw photo. */
export const RAW: FileKind = kind("camera's raw");
const READ: readonly FileKind[] = [PNG, JPEG, GIF, WEBP, TIFF, AVIF] as FileKind[];

/** The bytes that begin files of a kind; the first match counts, as a raw photo of Canon is also a TIFF file. */
const SIGNATURES = [
  [RAW, 8, "CR\x02\0"],
  [PNG, 0, "\x89PNG\r\n\x1a\n"],
  [JPEG, 0, "\xff\xd8\xff"],
  [GIF, 0, "GIF87a"],
  [GIF, 0, "GIF89a"],
  [WEBP, 8, "WEBP"],
  [TIFF, 0, "II*\0"],
  [TIFF, 0, "MM\0*"],
  [TIFF, 0, "II+\0"],
  [TIFF, 0, "MM\0+"],
  [kind("PDF"), 0, "%PDF"],
  [kind("BMP"), 0, "BM"],
  [kind("Photoshop"), 0, "8BPS"],
  [kind("JPEG XL"), 0, "\0\0\0\x0cJXL "],
  [kind("JPEG XL"), 0, "\xff\x0a"],
  [kind("JPEG 2000"), 0, "\0\0\0\x0cjP  "],
  [kind("OpenEXR", "an"), 0, "\x76\x2f\x31\x01"],
  [kind("Radiance"), 0, "#?"],
  [kind("FITS"), 0, "SIMPLE  ="],
  [kind("zip"), 0, "PK\x03\x04"],
  [kind("gzip"), 0, "\x1f\x8b"],
] as readonly (readonly [kind: FileKind, at: number, text: string])[];

/** Raw photos begin as TIFF files, which hold small previews of them. */
const RAW_ENDING = /\.(dng|nef|nrw|arw|sr2|srw|cr2|cr3|crw|orf|rw2|raf|pef|3fr|iiq|erf|kdc|dcr|mos|mef)$/i;

/** Portable bitmaps: P1 to P7, Pf and PF. */
const PORTABLE = /^P[1-7fF]\s/;

/** HEIF's brands of pictures that are coded as HEVC. */
const HEIC = ["heic", "heix", "heim", "heis", "hevc", "hevx"];

/** Text at the beginning of a file that may hold a drawing. */
const DRAWING_BYTES = 4096;

/** The kind of a file by its first 4 kB; undefined if it is none known here. */
export function kindOf(bytes: Uint8Array, path: string): FileKind | undefined {
  const head = latin1(bytes, 0, DRAWING_BYTES);
  const known = SIGNATURES.find(([, at, text]) => latin1(bytes, at, text.length) === text)?.[0];
  if (known) return known === TIFF && RAW_ENDING.test(extname(path)) ? RAW : known;
  if (head.startsWith("ftyp", 4)) return kindOfBrands(head);
  if (PORTABLE.test(head)) return kind("portable bitmap");
  return /<svg[\s>]/i.test(head) ? kind("SVG", "an") : undefined;
}

/** Whether files of a kind are read. */
export function isRead(known: FileKind): boolean {
  return READ.includes(known);
}

/**
 * Checks by its first bytes that a file is of a kind that is read, before anything decodes it: the image library
 * also reads kinds, such as SVG, that can take minutes and any memory.
 * @throws {ImageError} if it is not, naming the kind where it is known.
 */
export function assertKnownKind(path: string, bytes: Uint8Array): void {
  const known = kindOf(bytes, path);
  if (!known) {
    throw new ImageError(`${path} is not an image of a known kind: give a ${ALL_IMAGES.text} file.`);
  }
  if (isRead(known)) return;
  throw notRead(path, known);
}

/** The error of a file of a kind that is not read. */
export function notRead(path: string, { article, name }: FileKind): ImageError {
  return new ImageError(
    `${path} is ${article} ${name} file, which is not read: save the picture as ${ALL_IMAGES.text}.`,
  );
}

/** Files of AVIF, HEIC and many videos begin alike and list what they are compatible with. */
function kindOfBrands(head: string): FileKind {
  const size = [...head.slice(0, 4)].reduce((sum, char) => sum * 256 + char.charCodeAt(0), 0);
  const brands: readonly string[] = head.slice(8, size).match(/.{4}/gs) ?? [];
  if (brands.includes("avif") || brands.includes("avis")) return AVIF;
  if (brands.some((brand) => HEIC.includes(brand))) return kind("HEIC");
  return brands[0] === "crx " ? RAW : kind("video");
}

function latin1(bytes: Uint8Array, at: number, length: number): string {
  return Buffer.from(bytes.subarray(at, at + length)).toString("latin1");
}
