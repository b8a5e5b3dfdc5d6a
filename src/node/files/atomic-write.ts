import { constants, type Stats } from "node:fs";
import { access, type FileHandle, open, realpath, rename, rm, stat, writeFile } from "node:fs/promises";
import { dirname, resolve } from "node:path";
import { OutputError } from "../errors.js";
import { systemErrorCode, writeFailure } from "./system-errors.js";
import { noteTemporary } from "./temporaries.js";
import { finalPath, removeLeftovers, temporaryName } from "./temporary-names.js";

/**
 * Writes a file so that nobody ever sees half of it: under a temporary name in the same folder, then renamed.
 * An existing file is replaced, through a link if the path is one; a device or a pipe is written to directly.
 * A failure leaves nothing behind.
 * @throws {OutputError} if the file cannot be written.
 */
export async function writeFileAtomic(path: string, bytes: Uint8Array | string): Promise<void> {
  try {
    const { target, replaceable } = await findTarget(path);
    if (!replaceable) return await writeFile(target, bytes);
    const temporary = await temporaryName(dirname(target));
    const forget = noteTemporary(temporary);
    try {
      const file = await open(temporary, "wx");
      await writeAndClose(file, bytes);
      await rename(temporary, target);
    } catch (error) {
      await rm(temporary, { force: true });
      throw error;
    } finally {
      forget();
    }
  } catch (error) {
    throw outputError(path, error);
  }
}

/**
 * Checks that {@link writeFileAtomic} will be able to write a file, before the work of making its contents.
 * It leaves no new file, and an existing one as it is; what killed processes have left beside it goes.
 * @throws {OutputError} if the file cannot be written.
 */
export async function checkWritable(path: string): Promise<void> {
  try {
    const { target, replaceable } = await findTarget(path);
    if (!replaceable) return;
    await removeLeftoversOnce(dirname(target));
    const temporary = await temporaryName(dirname(target));
    const forget = noteTemporary(temporary);
    await (await open(temporary, "wx")).close();
    await rm(temporary);
    forget();
  } catch (error) {
    throw outputError(path, error);
  }
}

const cleaned = new Set<string>();

async function removeLeftoversOnce(folder: string): Promise<void> {
  if (cleaned.has(folder)) return;
  cleaned.add(folder);
  await removeLeftovers(folder);
}

/** The target of a path, and whether a rename may replace it: it is a file, or nothing yet. */
async function findTarget(path: string): Promise<{ target: string; replaceable: boolean }> {
  if (path === "") throw new OutputError("The name of the file to write is empty.");
  const info: Stats | undefined = await stat(path).catch((error: unknown) => {
    if (systemErrorCode(error) === "ENOENT") return undefined;
    throw error;
  });
  if (!info) return { target: resolve(path), replaceable: true };
  if (info.isDirectory()) throw new OutputError(`${path} is a folder; name a file to write.`);
  // A rename would replace a file that its owner has protected.
  await access(path, constants.W_OK);
  return { target: await realpath(path), replaceable: info.isFile() };
}

async function writeAndClose(file: FileHandle, bytes: Uint8Array | string): Promise<void> {
  try {
    await file.writeFile(bytes);
    // Without it, a crash of the system soon after could leave an empty file under the final name.
    await file.sync();
  } finally {
    await file.close();
  }
}

/** The error of a file that could not be written, in words. */
export function outputError(path: string, cause: unknown): OutputError {
  if (cause instanceof OutputError) return cause;
  return new OutputError(`${finalPath(path)} cannot be written: ${writeFailure(cause, path)}.`, { cause });
}
