import { rmdir } from "node:fs/promises";
import { OutputError } from "../errors.js";
import { outputError } from "./atomic-write.js";
import { makeFolder } from "./make-folder.js";
import { systemErrorCode } from "./system-errors.js";
import { noteNewFolder } from "./temporaries.js";
import { removeLeftovers } from "./temporary-names.js";

/**
 * Makes a folder for results, unless it is there; then what killed processes have left in it goes.
 * @returns a function that removes the folder again if it was made here and is still empty.
 * @throws {OutputError} if it cannot be made.
 */
export async function makeOutputFolder(path: string): Promise<() => Promise<void>> {
  try {
    const made = await makeFolder(path);
    if (made === undefined) {
      await removeLeftovers(path);
      return async () => {};
    }
    const forget = noteNewFolder(path);
    return async () => {
      forget();
      await rmdir(path).catch(() => {});
    };
  } catch (cause) {
    const code = systemErrorCode(cause);
    if (code === "EEXIST" || code === "ENOTDIR") {
      throw new OutputError(`${path} cannot be a folder: it is a file, or lies in one.`, { cause });
    }
    throw outputError(path, cause);
  }
}
