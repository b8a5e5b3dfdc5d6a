const TIFF_START = "Exif\0\0".length;
const ORIENTATION_TAG = 0x0112;
const ENTRY_BYTES = 12;

/**
 * A copy of an EXIF block (`Exif\0\0`, then a TIFF structure) that calls the picture upright, for pixels that
 * have been turned as the block said. A block that cannot be parsed, or says nothing, is copied as it is.
 */
export function uprightExif(exif: Uint8Array): Uint8Array {
  const copy = Uint8Array.from(exif);
  const view = new DataView(copy.buffer);
  try {
    const little = view.getUint16(TIFF_START) === 0x4949;
    const directory = TIFF_START + view.getUint32(TIFF_START + 4, little);
    const entries = view.getUint16(directory, little);
    for (let entry = directory + 2; entry < directory + 2 + entries * ENTRY_BYTES; entry += ENTRY_BYTES) {
      if (view.getUint16(entry, little) === ORIENTATION_TAG) view.setUint16(entry + 8, 1, little);
    }
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
  }
  return copy;
}
