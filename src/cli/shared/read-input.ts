import { EngineError } from "../../engine/errors.js";
import { readRegularFile } from "../../node/files/read-file.js";
import { readFailure } from "../../node/files/system-errors.js";

/** A file that was named on the command line and cannot be used. */
export class InputError extends EngineError {
  override name = "InputError";
}

/** Several times the size of the largest weights of these networks, the authors' full USRNet. */
const MAX_FILE_BYTES = 500_000_000;

/**
 * Reads a file.
 * @throws {InputError} with its name and the reason in words.
 */
async function readInput(path: string): Promise<Uint8Array> {
  try {
    return new Uint8Array(await readRegularFile(path, MAX_FILE_BYTES));
  } catch (cause) {
    throw new InputError(`${path} cannot be read: ${readFailure(cause)}.`, { cause });
  }
}

/**
 * Reads a file and makes something of it.
 * @throws {InputError} with the file's name before what `parse` complains of.
 */
export async function parseInput<T>(path: string, parse: (bytes: Uint8Array) => T): Promise<T> {
  const bytes = await readInput(path);
  try {
    return parse(bytes);
  } catch (cause) {
    if (!(cause instanceof EngineError)) throw cause;
    throw new InputError(`${path}: ${cause.message}`, { cause });
  }
}
