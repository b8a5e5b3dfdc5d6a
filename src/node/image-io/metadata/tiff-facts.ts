import { type TiffDirectory, tiffDirectory, tiffNumber } from "./tiff-tags.js";

const SUBFILE_KIND = 254;
const PHOTOMETRIC = 262;
const SAMPLES = 277;
const SUB_DIRECTORIES = 330;
const EXTRA_SAMPLES = 338;
const DNG_VERSION = 50706;

/** ModelPixelScale, ModelTiepoint, ModelTransformation and GeoKeyDirectory. */
const GEO_TAGS = [33550, 33922, 34264, 34735];

/** What else the image library does not read of a TIFF file, and its tags. */
const TEXTS: readonly (readonly [what: string, tags: readonly number[]])[] = [
  ["a description", [270]],
  ["an artist", [315]],
  ["a copyright", [33432]],
  ["EXIF", [34665, 34853]],
];

/** Bands of color of each photometric interpretation: gray, RGB, palette, CMYK, YCbCr, and three kinds of Lab. */
const COLORS: Readonly<Record<number, number>> = { 0: 1, 1: 1, 2: 3, 3: 1, 5: 4, 6: 3, 8: 3, 9: 3, 10: 3 };

/** What the image library does not say of a TIFF file. */
export interface TiffFacts {
  /** The number of bands, if one of them is neither color nor transparency. */
  readonly bands?: number;
  readonly isGeoreferenced: boolean;
  /** Whether it is a camera's raw photo, which the library reads as a small preview or as a mosaic. */
  readonly isRaw: boolean;
  /** Such as "an artist". */
  readonly texts: readonly string[];
}

/** Reads the tags of a TIFF file's first picture. */
export function tiffFacts(bytes: Uint8Array): TiffFacts {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const directory = tiffDirectory(view);
  if (!directory) return { isGeoreferenced: false, isRaw: false, texts: [] };
  const has = (tag: number): boolean => directory.entries.has(tag);
  const isPreview = ((tiffNumber(view, directory, SUBFILE_KIND) ?? 0) & 1) === 1;
  return {
    bands: strangeBands(view, directory),
    isGeoreferenced: GEO_TAGS.some(has),
    isRaw: has(DNG_VERSION) || (isPreview && has(SUB_DIRECTORIES)),
    texts: TEXTS.filter(([, tags]) => tags.some(has)).map(([what]) => what),
  };
}

function strangeBands(view: DataView, directory: TiffDirectory): number | undefined {
  const bands = tiffNumber(view, directory, SAMPLES) ?? 1;
  const colors = COLORS[tiffNumber(view, directory, PHOTOMETRIC) ?? 1];
  if (colors === undefined || bands <= colors) return undefined;
  // 1 and 2 are transparency, 0 is anything.
  const kind = tiffNumber(view, directory, EXTRA_SAMPLES) ?? 0;
  const isAlpha = bands === colors + 1 && (kind === 1 || kind === 2);
  return isAlpha ? undefined : bands;
}
