import { mkdir, stat } from "node:fs/promises";
import { dirname, resolve } from "node:path";
import { systemErrorCode } from "./system-errors.js";

/**
 * Makes a folder with those that it lies in. Node's own recursive `mkdir` never ends where the system says of a folder that
 * exists that nothing can lie in it, as /proc does.
 * @returns the first folder that was made; undefined if there was nothing to do.
 * @throws the system's error.
 */
export async function makeFolder(path: string, mode?: number): Promise<string | undefined> {
  const target = resolve(path);
  try {
    await mkdir(target, { mode });
    return target;
  } catch (error) {
    const code = systemErrorCode(error);
    if (code === "ENOENT" && dirname(target) !== target) {
      const made = await makeFolder(dirname(target), mode);
      try {
        await mkdir(target, { mode });
        return made ?? target;
      } catch (second) {
        // Another process may have made it since.
        if (systemErrorCode(second) === "EEXIST") return made;
        throw second;
      }
    }
    if (code === "EEXIST" && (await stat(target)).isDirectory()) return undefined;
    throw error;
  }
}
