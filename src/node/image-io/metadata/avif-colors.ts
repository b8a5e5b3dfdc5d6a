import { type PngChunk, pngChunk } from "./png-chunks.js";

/** Color primaries and transfer functions (ITU-T H.273) that mean sRGB here, or nothing. */
const USUAL_PRIMARIES = [1, 2];
const USUAL_TRANSFERS = [1, 2, 6, 13];

/**
 * The color description (nclx) of an AVIF file as the chunk in which a PNG file says the same; undefined if it has none, or the
 * usual one. Its numbers are RGB of the full range by then.
 */
export function nclxChunk(bytes: Uint8Array): PngChunk | undefined {
  const place = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).indexOf(
    "colrnclx",
    0,
    "latin1",
  );
  if (place < 0 || place + 14 > bytes.length) return undefined;
  const [primaries, transfer] = [bytes[place + 9], bytes[place + 11]];
  if (USUAL_PRIMARIES.includes(primaries) && USUAL_TRANSFERS.includes(transfer)) return undefined;
  const contents = Uint8Array.of(primaries, transfer, 0, 1);
  return { type: "cICP", contents, whole: pngChunk("cICP", "", contents) };
}
