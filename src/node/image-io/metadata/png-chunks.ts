import { crc32 } from "../../../weights/crc32.js";

/** Length, type and checksum around the contents of a chunk. */
const AROUND = 12;

const SIGNATURE_BYTES = 8;

/** A chunk of a PNG file. */
export interface PngChunk {
  readonly type: string;
  readonly contents: Uint8Array;
  /** With length, type and checksum, as it stands in the file. */
  readonly whole: Uint8Array;
}

/** The chunks of a PNG file before its pixels; none of another file, and those before a damage. */
export function pngChunks(bytes: Uint8Array): PngChunk[] {
  const chunks = allChunks(bytes);
  const pixels = chunks.findIndex(({ type }) => type === "IDAT");
  return pixels < 0 ? chunks : chunks.slice(0, pixels);
}

const TEXTS = ["tEXt", "zTXt", "iTXt"];

/** Chunks that may stand after the pixels, too, where the image library does not look for them. */
const MOVABLE = ["eXIf", ...TEXTS];

/** Millions of them would keep the image library busy. */
const MAX_MOVED = 100;

/** A PNG file with its EXIF and texts before the pixels; any other file, or a damaged one, as it is. */
export function withEarlyMetadata(bytes: Uint8Array): Uint8Array {
  const chunks = allChunks(bytes);
  const pixels = chunks.findIndex(({ type }) => type === "IDAT");
  if (pixels < 0 || chunks.at(-1)?.type !== "IEND") return bytes;
  const late = chunks.filter(({ type }, i) => i > pixels && MOVABLE.includes(type)).slice(0, MAX_MOVED);
  if (late.length === 0) return bytes;
  const place = chunks.slice(0, pixels).reduce((sum, { whole }) => sum + whole.length, SIGNATURE_BYTES);
  // Where they stood, they may stay: there, the image library does not read them.
  return Buffer.concat([bytes.subarray(0, place), ...late.map(({ whole }) => whole), bytes.subarray(place)]);
}

function allChunks(bytes: Uint8Array): PngChunk[] {
  const chunks: PngChunk[] = [];
  if (Buffer.from(bytes.subarray(1, 4)).toString("latin1") !== "PNG") return chunks;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  for (let at = SIGNATURE_BYTES; at + AROUND <= bytes.length; ) {
    const length = view.getUint32(at);
    const type = Buffer.from(bytes.subarray(at + 4, at + 8)).toString("latin1");
    const end = at + AROUND + length;
    if (end > bytes.length) break;
    chunks.push({ type, contents: bytes.subarray(at + 8, at + 8 + length), whole: bytes.subarray(at, end) });
    if (type === "IEND") break;
    at = end;
  }
  return chunks;
}

/** A chunk: length, type, contents, and a checksum of the last two. */
export function pngChunk(type: string, head: string, data: Uint8Array): Uint8Array {
  const contents = Buffer.concat([Buffer.from(type + head, "latin1"), data]);
  const bytes = Buffer.alloc(4 + contents.length + 4);
  bytes.writeUInt32BE(contents.length - type.length, 0);
  bytes.set(contents, 4);
  bytes.writeUInt32BE(crc32(contents), 4 + contents.length);
  return bytes;
}

/** XMP, which is read elsewhere, and what programs write by themselves. */
const NO_TEXT = /^(XML:com\.adobe\.xmp|Software|date:.*)$/;

/** A note names so many texts. */
const MAX_NAMED = 5;

/** The keywords of a PNG file's first few texts. */
export function pngKeywords(chunks: readonly PngChunk[]): string[] {
  const keywords = chunks
    .filter(({ type }) => TEXTS.includes(type))
    .map(({ contents }) => Buffer.from(contents.subarray(0, contents.indexOf(0))).toString("latin1"))
    .filter((keyword) => !NO_TEXT.test(keyword));
  return [...new Set(keywords)].slice(0, MAX_NAMED);
}
