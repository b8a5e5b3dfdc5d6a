import { readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { OutputError } from "../errors.js";
import { outputError } from "./atomic-write.js";
import { systemErrorCode } from "./system-errors.js";

const LOCK = "lock";

/**
 * Keeps other processes from writing into a folder, by a file that names this one. That of a process that was killed
 * does not count.
 * @returns what gives the folder free again.
 * @throws {OutputError} if another process holds the folder, or nothing can be written there.
 */
export async function lockFolder(path: string): Promise<() => Promise<void>> {
  const file = join(path, LOCK);
  if (!(await tryCreate(file))) {
    const holder = Number(await readFile(file, "utf8").catch(() => ""));
    if (isAlive(holder)) {
      throw new OutputError(
        `${path} is in use by process ${holder}: wait for it or stop it, or choose another folder (or delete ${file}, if that process is something else).`,
      );
    }
    await rm(file, { force: true });
    if (!(await tryCreate(file)))
      throw new OutputError(`${path} has just been taken by another process; wait for it.`);
  }
  return () => rm(file, { force: true });
}

async function tryCreate(file: string): Promise<boolean> {
  try {
    await writeFile(file, String(process.pid), { flag: "wx" });
    return true;
  } catch (error) {
    if (systemErrorCode(error) === "EEXIST") return false;
    throw outputError(file, error);
  }
}

function isAlive(pid: number): boolean {
  if (!Number.isInteger(pid) || pid <= 0) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // It is there, but somebody else's.
    return systemErrorCode(error) === "EPERM";
  }
}
