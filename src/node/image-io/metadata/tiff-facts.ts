import { tiffDirectory, tiffNumber } from "./tiff-tags.js";

const PHOTOMETRIC = 262;
const SAMPLES = 277;
const EXTRA_SAMPLES = 338;

/** ModelPixelScale, ModelTiepoint, ModelTransformation and GeoKeyDirectory. */
const GEO_TAGS = [33550, 33922, 34264, 34735];

/** Photometric interpretations with one color, and with three. */
const COLORS: Readonly<Record<number, number>> = { 0: 1, 1: 1, 2: 3, 3: 1, 6: 3 };

/** What the image library does not say of a TIFF file. */
export interface TiffFacts {
  /** The number of bands, if one of them is neither color nor transparency. */
  readonly bands?: number;
  readonly isGeoreferenced: boolean;
}

/** Reads the tags of a TIFF file's first picture. */
export function tiffFacts(bytes: Uint8Array): TiffFacts {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const directory = tiffDirectory(view);
  if (!directory) return { isGeoreferenced: false };
  const isGeoreferenced = GEO_TAGS.some((tag) => directory.entries.has(tag));
  const bands = tiffNumber(view, directory, SAMPLES) ?? 1;
  const colors = COLORS[tiffNumber(view, directory, PHOTOMETRIC) ?? 1];
  // Other interpretations, such as CMYK, have bands of their own.
  if (colors === undefined || bands <= colors) return { isGeoreferenced };
  // 1 and 2 are transparency, 0 is anything.
  const kind = tiffNumber(view, directory, EXTRA_SAMPLES) ?? 0;
  const isAlpha = bands === colors + 1 && (kind === 1 || kind === 2);
  return isAlpha ? { isGeoreferenced } : { bands, isGeoreferenced };
}
