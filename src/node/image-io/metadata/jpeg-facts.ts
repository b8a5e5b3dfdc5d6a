/** Codes of markers, each after a byte 0xff. */
const START_OF_SCAN = 0xda;
const END_OF_IMAGE = 0xd9;
const COMMENT = 0xfe;

/** What the image library does not say of a JPEG file. */
export interface JpegFacts {
  readonly hasComment: boolean;
  /** Whether a video follows the picture, as in motion photos. */
  readonly hasVideo: boolean;
}

/** Reads the markers of a JPEG file. */
export function jpegFacts(bytes: Uint8Array): JpegFacts {
  let hasComment = false;
  let at = 2;
  while (at + 4 <= bytes.length && bytes[at] === 0xff && bytes[at + 1] !== END_OF_IMAGE) {
    const marker = bytes[at + 1];
    if (marker === COMMENT) hasComment = true;
    at += 2 + (bytes[at + 2] << 8) + bytes[at + 3];
    if (marker === START_OF_SCAN) at = endOfScan(bytes, at);
  }
  // Videos begin with a box of the type ftyp.
  return { hasComment, hasVideo: Buffer.from(bytes.subarray(at)).includes("ftyp") };
}

/** The next marker that is neither a stuffed byte nor a restart within coded data. */
function endOfScan(bytes: Uint8Array, start: number): number {
  let at = start;
  for (;;) {
    at = bytes.indexOf(0xff, at);
    if (at < 0) return bytes.length;
    const next = bytes[at + 1];
    const isCoded = next === 0 || (next >= 0xd0 && next <= 0xd7);
    if (!isCoded && next !== 0xff) return at;
    at += isCoded ? 2 : 1;
  }
}
