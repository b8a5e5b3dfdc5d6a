const BYTES_OF_TYPE: Readonly<Record<number, number>> = { 1: 1, 2: 1, 3: 2, 4: 4, 5: 8, 16: 8 };

/** An entry of a directory of a TIFF structure. */
export interface TiffEntry {
  readonly tag: number;
  readonly type: number;
  readonly count: number;
  /** Where its values lie. */
  readonly place: number;
}

/** A directory of a TIFF structure. */
export interface TiffDirectory {
  readonly little: boolean;
  readonly entries: ReadonlyMap<number, TiffEntry>;
  /** Where the place of the next directory stands. */
  readonly next: number;
}

/** Of classic TIFF; BigTIFF could say any number. */
const MAX_ENTRIES = 0xffff;

const MAX_UINT32 = 0xffffffff;

/** Versions of TIFF, and how wide their places are. */
const CLASSIC = 42;
const BIG = 43;

/**
 * The directory at a place of a TIFF structure, of BigTIFF too, by default the first one; undefined if there is none, or it is
 * damaged.
 */
export function tiffDirectory(view: DataView, place?: number): TiffDirectory | undefined {
  try {
    const order = view.getUint16(0);
    if (order !== 0x4949 && order !== 0x4d4d) return undefined;
    const little = order === 0x4949;
    const version = view.getUint16(2, little);
    if (version !== CLASSIC && version !== BIG) return undefined;
    const isBig = version === BIG;
    const wide = (at: number): number =>
      isBig ? Number(view.getBigUint64(at, little)) : view.getUint32(at, little);
    const start = place ?? wide(isBig ? 8 : 4);
    const count = isBig ? wide(start) : view.getUint16(start, little);
    if (count > MAX_ENTRIES) return undefined;
    const [countBytes, entryBytes, valueBytes] = isBig ? [8, 20, 8] : [2, 12, 4];
    const entries = new Map<number, TiffEntry>();
    for (let i = 0; i < count; i++) {
      const at = start + countBytes + i * entryBytes;
      const [tag, type] = [view.getUint16(at, little), view.getUint16(at + 2, little)];
      const [values, value] = [wide(at + 4), at + entryBytes - valueBytes];
      const isInside = (BYTES_OF_TYPE[type] ?? 8) * values <= valueBytes;
      entries.set(tag, { tag, type, count: values, place: isInside ? value : wide(value) });
    }
    return { little, entries, next: start + countBytes + count * entryBytes };
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}

/** The first value of an entry of whole numbers; undefined if it is not there. */
export function tiffNumber(view: DataView, directory: TiffDirectory, tag: number): number | undefined {
  const entry = directory.entries.get(tag);
  if (entry?.type === 3) return read(() => view.getUint16(entry.place, directory.little));
  return entry?.type === 4 ? read(() => view.getUint32(entry.place, directory.little)) : undefined;
}

/** The first value of an entry of fractions; undefined if it is not there. */
export function tiffFraction(view: DataView, directory: TiffDirectory, tag: number): number | undefined {
  const entry = directory.entries.get(tag);
  if (entry?.type !== 5) return undefined;
  const { little } = directory;
  return read(() => view.getUint32(entry.place, little) / view.getUint32(entry.place + 4, little));
}

function read(value: () => number): number | undefined {
  try {
    return value();
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}

/** Replaces the first value of an entry of whole numbers, or of fractions, in place; nothing if it is not there. */
export function setTiffNumber(view: DataView, directory: TiffDirectory, tag: number, value: number): void {
  const entry = directory.entries.get(tag);
  if (!entry) return;
  const { little } = directory;
  try {
    if (entry.type === 3) view.setUint16(entry.place, Math.min(value, 0xffff), little);
    if (entry.type === 4) view.setUint32(entry.place, Math.min(value, MAX_UINT32), little);
    if (entry.type === 5) {
      const denominator = value < MAX_UINT32 / 1000 ? 1000 : 1;
      view.setUint32(entry.place, Math.min(Math.round(denominator * value), MAX_UINT32), little);
      view.setUint32(entry.place + 4, denominator, little);
    }
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
  }
}
