import { mkdir, readdir, rename, rm, rmdir } from "node:fs/promises";
import { join } from "node:path";
import { OutputError } from "../errors.js";
import { outputError } from "./atomic-write.js";
import { makeFolder } from "./make-folder.js";
import { systemErrorCode } from "./system-errors.js";
import { noteNewFolder, noteTemporary } from "./temporaries.js";
import { removeLeftovers, temporaryName } from "./temporary-names.js";

/**
 * The first of the folders that is not empty; a missing folder counts as empty.
 * @throws {OutputError} if one is not a folder, or cannot be read.
 */
export async function firstOccupied(paths: readonly string[]): Promise<string | undefined> {
  for (const path of paths) {
    const entries = await readdir(path).catch((error: unknown) => {
      const code = systemErrorCode(error);
      if (code === "ENOENT") return [];
      if (code === "ENOTDIR") {
        throw new OutputError(`${path} cannot be a folder: it is a file, or lies in one.`, { cause: error });
      }
      throw outputError(path, error);
    });
    if (entries.length > 0) return path;
  }
  return undefined;
}

/**
 * Makes folders so that nobody ever sees half of them: `fill` writes into a temporary folder with an empty
 * folder of each name, which are then moved to their places. Existing folders are replaced as a whole.
 * @param parent made if it is missing.
 * @throws {OutputError} if the folders cannot be made; what `fill` throws, and then nothing is left behind.
 */
export async function writeFolders(
  parent: string,
  names: readonly string[],
  fill: (folder: string) => Promise<void>,
): Promise<void> {
  const { made, staging } = await openStaging(parent);
  const forget = [...(made ? [noteNewFolder(parent)] : []), noteTemporary(staging)];
  try {
    for (const name of names) await mkdir(join(staging, name));
    await fill(staging);
    for (const name of names) await replace(join(parent, name), join(staging, name));
  } catch (error) {
    await rm(staging, { recursive: true, force: true });
    // Fails, as it should, if somebody else has put something there since.
    if (made) await rmdir(parent).catch(() => {});
    throw systemErrorCode(error) === undefined ? error : outputError(parent, error);
  } finally {
    for (const each of forget) each();
  }
  await rm(staging, { recursive: true, force: true });
}

async function openStaging(parent: string): Promise<{ made: boolean; staging: string }> {
  try {
    const made = (await makeFolder(parent)) !== undefined;
    await removeLeftovers(parent);
    const staging = await temporaryName(parent);
    await mkdir(staging);
    return { made, staging };
  } catch (error) {
    throw outputError(parent, error);
  }
}

/**
 * Moves a folder to its place, and an older one from there into the temporary folder, which is removed in the
 * end.
 */
async function replace(target: string, folder: string): Promise<void> {
  await rename(target, `${folder}.before`).catch((error: unknown) => {
    if (systemErrorCode(error) !== "ENOENT") throw error;
  });
  await rename(folder, target);
}
