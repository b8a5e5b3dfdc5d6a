const PREFIX = new TextEncoder().encode("Exif\0\0");
const ORIENTATION_TAG = 0x0112;
const ENTRY_BYTES = 12;

/**
 * A copy of an EXIF block, `Exif\0\0` and a TIFF structure, that calls the picture upright, for pixels that have been
 * turned as the block said. A block from a PNG file lacks the first six bytes and gets them. One that cannot be parsed,
 * or says nothing, is copied as it is.
 */
export function uprightExif(exif: Uint8Array): Uint8Array {
  const isWhole = PREFIX.every((byte, i) => exif[i] === byte);
  const copy = Uint8Array.from(isWhole ? exif : [...PREFIX, ...exif]);
  const view = new DataView(copy.buffer, PREFIX.length);
  try {
    const little = view.getUint16(0) === 0x4949;
    const directory = view.getUint32(4, little);
    const entries = view.getUint16(directory, little);
    for (let entry = directory + 2; entry < directory + 2 + entries * ENTRY_BYTES; entry += ENTRY_BYTES) {
      if (view.getUint16(entry, little) === ORIENTATION_TAG) view.setUint16(entry + 8, 1, little);
    }
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
  }
  return copy;
}

/** The TIFF structure alone, as PNG files hold it. */
export function withoutExifPrefix(exif: Uint8Array): Uint8Array {
  return exif.subarray(PREFIX.length);
}
