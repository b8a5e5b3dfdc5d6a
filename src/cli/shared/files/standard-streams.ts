import { writeFileAtomic } from "../../../node/files/atomic-write.js";
import { UsageError } from "../errors.js";
import { InputError } from "../read-input.js";

/** The name by which the command line knows standard input and standard output. */
export const STREAM = "-";

/** What is read from standard input in messages, and the name of its results in a folder. */
export const STREAM_NAME = "stdin";

/**
 * All of standard input.
 * @throws {InputError} if it is longer than `limit` bytes.
 * @throws {UsageError} if it is a keyboard.
 */
export async function readStandardInput(limit: number): Promise<Uint8Array> {
  if (process.stdin.isTTY) {
    throw new UsageError("Standard input is a terminal: pipe a file into this command, or name the file.");
  }
  const parts: Buffer[] = [];
  let size = 0;
  for await (const part of process.stdin) {
    parts.push(part as Buffer);
    size += (part as Buffer).length;
    if (size > limit) throw new InputError(`Standard input is longer than ${limit / 1e6} MB.`);
  }
  return new Uint8Array(Buffer.concat(parts));
}

/** @throws {UsageError} if what would be written to standard output would end up on a terminal. */
export function assertPipedOutput(): void {
  if (!process.stdout.isTTY) return;
  throw new UsageError("Standard output is a terminal: redirect it to a file or a pipe, or name a file.");
}

/** Writes a file, or to standard output. */
export async function writeOutput(path: string, bytes: Uint8Array): Promise<void> {
  if (path !== STREAM) return writeFileAtomic(path, bytes);
  await new Promise<void>((resolve, reject) => {
    process.stdout.write(bytes, (error) => (error ? reject(error) : resolve()));
  });
}
