const ENTRY_BYTES = 12;
const BYTES_OF_TYPE: Readonly<Record<number, number>> = { 1: 1, 3: 2, 4: 4, 5: 8 };

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

/** The directory at a place of a TIFF structure, by default the first one; undefined if there is none, or it is damaged. */
export function tiffDirectory(view: DataView, place?: number): TiffDirectory | undefined {
  try {
    const order = view.getUint16(0);
    if (order !== 0x4949 && order !== 0x4d4d) return undefined;
    const little = order === 0x4949;
    if (view.getUint16(2, little) !== 42) return undefined;
    const start = place ?? view.getUint32(4, little);
    const count = view.getUint16(start, little);
    const entries = new Map<number, TiffEntry>();
    for (let i = 0; i < count; i++) {
      const at = start + 2 + i * ENTRY_BYTES;
      const [tag, type, values] = [
        view.getUint16(at, little),
        view.getUint16(at + 2, little),
        view.getUint32(at + 4, little),
      ];
      const isInside = (BYTES_OF_TYPE[type] ?? 8) * values <= 4;
      entries.set(tag, {
        tag,
        type,
        count: values,
        place: isInside ? at + 8 : view.getUint32(at + 8, little),
      });
    }
    return { little, entries, next: start + 2 + count * ENTRY_BYTES };
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}

/** The first value of an entry of whole numbers; undefined if it is not there. */
export function tiffNumber(view: DataView, directory: TiffDirectory, tag: number): number | undefined {
  const entry = directory.entries.get(tag);
  if (!entry || (entry.type !== 3 && entry.type !== 4)) return undefined;
  try {
    return entry.type === 3
      ? view.getUint16(entry.place, directory.little)
      : view.getUint32(entry.place, directory.little);
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
    if (entry.type === 4) view.setUint32(entry.place, value, little);
    if (entry.type === 5) {
      view.setUint32(entry.place, Math.round(1000 * value), little);
      view.setUint32(entry.place + 4, 1000, little);
    }
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
  }
}
