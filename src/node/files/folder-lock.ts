import { randomBytes } from "node:crypto";
import { readdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { OutputError } from "../errors.js";
import { outputError } from "./atomic-write.js";
import { systemErrorCode } from "./system-errors.js";

/** A claim names its process, so that creating the file says all at once. */
const CLAIM = /^lock-(\d+)-[0-9a-f]{16}$/;

/**
 * Processes that claim a folder at the same moment withdraw, and try again after a random time of up to 10 ·
 * 2ⁿ ms.
 */
const MAX_ATTEMPTS = 7;

/** The claims of this process: a claim with its number that is not among them is an earlier process's. */
const ownClaims = new Set<string>();

/**
 * Unlocks a folder.
 * @param movedTo where the folder lies by now, if it was renamed.
 */
export type Unlock = (movedTo?: string) => Promise<void>;

/**
 * Keeps other processes from writing into a folder.
 *
 * A process holds the lock if it has created a file of its own, `lock-PID-RANDOM`, and afterwards seen none
 * of another live process. So two can never hold it: the later one to create its file sees the earlier one's.
 * The file of a process that was killed counts for nothing and is removed; its name is never used again, so
 * nobody's lock is removed with it.
 * @returns a function that unlocks the folder.
 * @throws {OutputError} if another process holds the folder, or nothing can be written there.
 */
export async function lockFolder(path: string): Promise<Unlock> {
  for (let attempt = 1; ; attempt++) {
    const claim = `lock-${process.pid}-${randomBytes(8).toString("hex")}`;
    const unlock: Unlock = async (movedTo = path) => {
      await rm(join(movedTo, claim), { force: true });
      ownClaims.delete(claim);
    };
    ownClaims.add(claim);
    try {
      await writeFile(join(path, claim), "", { flag: "wx" });
      const other = await findLiveClaim(path, claim);
      if (other === undefined) return unlock;
      await unlock();
      if (attempt === MAX_ATTEMPTS) {
        throw new OutputError(
          `${path} is in use by process ${processOf(other)}: wait for it or stop it, or choose another folder (or delete ${join(path, other)}, if that process is something else).`,
        );
      }
    } catch (error) {
      await unlock();
      throw systemErrorCode(error) === undefined ? error : outputError(path, error);
    }
    await sleep(Math.random() * 10 * 2 ** attempt);
  }
}

/** A claim of another live holder; those of processes that are gone are removed. */
async function findLiveClaim(path: string, own: string): Promise<string | undefined> {
  let live: string | undefined;
  for (const name of await readdir(path)) {
    if (name === own || !CLAIM.test(name)) continue;
    if (isLive(name)) live = name;
    else await rm(join(path, name), { force: true });
  }
  return live;
}

function processOf(claim: string): number {
  return Number(CLAIM.exec(claim)?.[1]);
}

function isLive(claim: string): boolean {
  const pid = processOf(claim);
  if (pid === process.pid) return ownClaims.has(claim);
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // EPERM: it runs, as another user's.
    return systemErrorCode(error) === "EPERM";
  }
}
