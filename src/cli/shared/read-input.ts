import { readFile } from "node:fs/promises";
import { EngineError } from "../../engine/errors.js";
import { readFailure } from "../../node/files/system-errors.js";

/** A file that was named on the command line and cannot be used. */
export class InputError extends EngineError {
  override name = "InputError";
}

/**
 * Reads a file.
 * @throws {InputError} with its name and the reason in words.
 */
async function readInput(path: string): Promise<Uint8Array> {
  try {
    return new Uint8Array(await readFile(path));
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
