import type { Density } from "./image-metadata.js";
import { setTiffNumber, tiffDirectory, tiffNumber } from "./tiff-tags.js";

const PREFIX = new TextEncoder().encode("Exif\0\0");

/** Tags of EXIF. */
const TAGS = {
  width: 0x0100,
  height: 0x0101,
  orientation: 0x0112,
  xResolution: 0x011a,
  yResolution: 0x011b,
  resolutionUnit: 0x0128,
  exif: 0x8769,
  pixelWidth: 0xa002,
  pixelHeight: 0xa003,
} as const;

/** What has become of the picture that an EXIF block is about. */
export interface ExifChanges {
  /** Pixels of its sides. */
  readonly width?: number;
  readonly height?: number;
  readonly density?: Density;
}

/**
 * A copy of an EXIF block, `Exif\0\0` and a TIFF structure, that calls the picture upright, for pixels that have been
 * turned as the block said, and has no thumbnail, which would still lie on its side. A block from a PNG file lacks the first six
 * bytes and gets them. One that cannot be parsed, or says nothing, is copied as it is.
 */
export function uprightExif(exif: Uint8Array, changes: ExifChanges = {}): Uint8Array {
  const isWhole = PREFIX.every((byte, i) => exif[i] === byte);
  const copy = Uint8Array.from(isWhole ? exif : [...PREFIX, ...exif]);
  const view = new DataView(copy.buffer, PREFIX.length);
  const first = tiffDirectory(view);
  if (!first) return copy;
  setTiffNumber(view, first, TAGS.orientation, 1);
  if (first.next + 4 <= view.byteLength) view.setUint32(first.next, 0, first.little);
  const { width, height, density } = changes;
  const place = tiffNumber(view, first, TAGS.exif);
  const inner = place === undefined ? undefined : tiffDirectory(view, place);
  for (const [directory, ...tags] of [
    [first, TAGS.width, TAGS.height],
    [inner, TAGS.pixelWidth, TAGS.pixelHeight],
  ] as const) {
    if (!directory) continue;
    if (width !== undefined) setTiffNumber(view, directory, tags[0], width);
    if (height !== undefined) setTiffNumber(view, directory, tags[1], height);
  }
  if (density?.unit === "inch") {
    setTiffNumber(view, first, TAGS.xResolution, density.x);
    setTiffNumber(view, first, TAGS.yResolution, density.y);
    setTiffNumber(view, first, TAGS.resolutionUnit, 2);
  }
  return copy;
}

/** The TIFF structure alone, as PNG files hold it. */
export function withoutExifPrefix(exif: Uint8Array): Uint8Array {
  return exif.subarray(PREFIX.length);
}
