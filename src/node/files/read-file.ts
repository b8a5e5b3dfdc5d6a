import { constants, type Stats } from "node:fs";
import { type FileHandle, open } from "node:fs/promises";

/** Why a file is not read although the system would; the message ends a sentence. */
export class UnreadableFile extends Error {
  override name = "UnreadableFile";
}

/** Bytes read at once from a file whose size the system does not say. */
const CHUNK = 1_000_000;

/**
 * Reads a whole file. A pipe, a device or a socket is refused at once, because it could keep its reader waiting, or send without
 * end; so is a file that is too large, before it is read.
 * @throws {UnreadableFile} if it is no file, or larger than `limit` bytes; `readFailure` puts it into words.
 */
export async function readRegularFile(path: string, limit: number): Promise<Buffer> {
  const file = await openRegular(path);
  try {
    const info = await file.stat();
    if (info.size > limit) throw tooLarge(info.size, limit);
    return info.size > 0 ? await readSize(file, info.size) : await readToEnd(file, limit);
  } finally {
    await file.close();
  }
}

/**
 * The first bytes of a file, at most `count`.
 * @throws {UnreadableFile} if it is no file.
 */
export async function readHead(path: string, count: number): Promise<Uint8Array> {
  const file = await openRegular(path);
  try {
    return await readSize(file, count);
  } finally {
    await file.close();
  }
}

async function openRegular(path: string): Promise<FileHandle> {
  // Without O_NONBLOCK, opening a pipe would wait for a writer.
  const file = await open(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
  try {
    assertRegular(await file.stat());
    return file;
  } catch (error) {
    await file.close();
    throw error;
  }
}

function assertRegular(info: Stats): void {
  if (info.isFile()) return;
  if (info.isDirectory()) throw new UnreadableFile("it is a folder");
  const kind = info.isFIFO() ? "a pipe" : info.isSocket() ? "a socket" : "a device";
  throw new UnreadableFile(`it is ${kind}, not a file; save its contents as a file first`);
}

function tooLarge(size: number, limit: number): UnreadableFile {
  return new UnreadableFile(
    `it has ${Math.ceil(size / 1e6)} MB, and at most ${Math.floor(limit / 1e6)} MB are read of such a file`,
  );
}

/** As many bytes as the file had when it was opened, or fewer if it was cut since. */
async function readSize(file: FileHandle, size: number): Promise<Buffer> {
  const bytes = Buffer.allocUnsafeSlow(size);
  let done = 0;
  while (done < size) {
    const { bytesRead } = await file.read(bytes, done, size - done, null);
    if (bytesRead === 0) break;
    done += bytesRead;
  }
  return bytes.subarray(0, done);
}

/** Files of the kernel, such as those under /proc, say a size of 0. */
async function readToEnd(file: FileHandle, limit: number): Promise<Buffer> {
  const parts: Buffer[] = [];
  let size = 0;
  for (;;) {
    const part = Buffer.allocUnsafeSlow(CHUNK);
    const { bytesRead } = await file.read(part, 0, CHUNK, null);
    if (bytesRead === 0) return Buffer.concat(parts);
    size += bytesRead;
    if (size > limit) throw tooLarge(size, limit);
    parts.push(part.subarray(0, bytesRead));
  }
}
