import { crc32 } from "../crc32.js";
import { WeightsError } from "../errors.js";
import { nameText } from "../weight-file.js";
import { CheckpointReader } from "./checkpoint-reader.js";

/** An uncompressed file inside a zip archive. */
export interface ZipEntry {
  /** Byte of the archive at which its local header begins. */
  readonly header: number;
  readonly size: number;
  readonly crc: number;
}

const LOCAL_HEADER = 0x04034b50;
const DIRECTORY_ENTRY = 0x02014b50;
const DIRECTORY_END = 0x06054b50;
const DIRECTORY_END_BYTES = 22;
const MAX_COMMENT_BYTES = 0xffff;

/**
 * Reads the directory of a zip archive of stored (not compressed) files, which is what PyTorch writes.
 * @returns the files by name, directories left out.
 * @throws {WeightsError} if the archive is truncated, compressed, encrypted, split, larger than 4 GB or damaged.
 */
export function readZipDirectory(archive: Uint8Array): ReadonlyMap<string, ZipEntry> {
  const end = new CheckpointReader(archive, "The zip archive", findDirectoryEnd(archive) + 4);
  const disks = end.u32();
  end.u16();
  const count = end.u16();
  end.u32();
  const start = end.u32();
  if (disks !== 0) throw damaged("is one part of several");
  if (count === 0xffff || start === 0xffffffff) {
    throw damaged("is larger than 4 GB, far more than these networks");
  }

  const entries = new Map<string, ZipEntry>();
  const reader = new CheckpointReader(archive, "The directory of the zip archive", start);
  let total = 0;
  for (let i = 0; i < count; i++) {
    const [name, entry] = readDirectoryEntry(reader);
    if (entries.has(name)) throw damaged(`has ${nameText(name)} twice`);
    if (!name.endsWith("/")) entries.set(name, entry);
    total += entry.size;
  }
  // Files that share bytes would let a small archive unfold to any size.
  if (total > archive.length) throw damaged("claims more bytes than it has");
  return entries;
}

/** Contents of one file, not copied; checked against its checksum. */
export function readZipEntry(archive: Uint8Array, name: string, entry: ZipEntry): Uint8Array {
  const reader = new CheckpointReader(archive, `File ${nameText(name)} of the zip archive`, entry.header);
  if (reader.u32() !== LOCAL_HEADER) throw damaged(`has no header where ${nameText(name)} should begin`);
  reader.take(22);
  const nameBytes = reader.u16();
  reader.take(reader.u16() + nameBytes);
  const contents = reader.take(entry.size);
  if (crc32(contents) !== entry.crc) throw damaged(`has a wrong checksum for ${nameText(name)}`);
  return contents;
}

function damaged(what: string): WeightsError {
  return new WeightsError(
    `The zip archive ${what}; it is damaged or not one that torch.save writes, so fetch it again or save it again.`,
  );
}

/** The end record is the last thing in the file but for a comment of unknown length, so it is sought backwards. */
function findDirectoryEnd(archive: Uint8Array): number {
  const view = new DataView(archive.buffer, archive.byteOffset, archive.byteLength);
  const last = archive.length - DIRECTORY_END_BYTES;
  for (let at = last; at >= 0 && at >= last - MAX_COMMENT_BYTES; at--) {
    if (view.getUint32(at, true) === DIRECTORY_END) return at;
  }
  throw damaged("has no directory at its end");
}

function readDirectoryEntry(reader: CheckpointReader): [string, ZipEntry] {
  if (reader.u32() !== DIRECTORY_ENTRY) throw damaged("has a directory with a broken entry");
  reader.take(4);
  const flags = reader.u16();
  const method = reader.u16();
  reader.take(4);
  const crc = reader.u32();
  const storedSize = reader.u32();
  const size = reader.u32();
  const nameBytes = reader.u16();
  const extraBytes = reader.u16();
  const commentBytes = reader.u16();
  reader.take(8);
  const header = reader.u32();
  const name = reader.text(nameBytes);
  reader.take(extraBytes + commentBytes);
  if (flags & 1) throw damaged(`has ${nameText(name)} encrypted`);
  if (method !== 0) throw damaged(`has ${nameText(name)} compressed, which PyTorch does not do`);
  if (size !== storedSize) throw damaged(`gives two sizes for ${nameText(name)}`);
  return [name, { header, size, crc }];
}
