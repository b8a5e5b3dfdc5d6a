import { randomBytes } from "node:crypto";
import { readdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { OutputError } from "../errors.js";
import { outputError } from "./atomic-write.js";
import { isLive, type Owner, thisProcess } from "./owner.js";
import { systemErrorCode } from "./system-errors.js";

/**
 * A claim names its process, when that began where the system says so, and where it runs: creating the file says
 * all at once.
 */
const CLAIM = /^lock-(\d+)-(\d*)-([0-9a-f]{8})-[0-9a-f]{16}$/;

/**
 * Processes that claim a folder at the same moment withdraw, and try again after a random time of up to 10 ·
 * 2ⁿ ms.
 */
const MAX_ATTEMPTS = 7;

/** Unlocks a folder. */
export type Unlock = () => Promise<void>;

/**
 * Keeps other processes from writing into a folder.
 *
 * A process holds the lock if it has created a file of its own, `lock-PID-BEGIN-PLACE-RANDOM`, and afterward seen
 * none of another live process. So two can never hold it: the later one to create its file sees the earlier
 * one's. The file of a process that was killed counts for nothing and is removed; its name is never used
 * again, so nobody's lock is removed with it. Processes of other machines and containers cannot be looked up: their
 * files always count.
 * @returns a function that unlocks the folder.
 * @throws {OutputError} if another process holds the folder, or nothing can be written there.
 */
export async function lockFolder(path: string): Promise<Unlock> {
  const { pid, begin, place } = await thisProcess();
  for (let attempt = 1; ; attempt++) {
    const claim = `lock-${pid}-${begin}-${place}-${randomBytes(8).toString("hex")}`;
    const unlock: Unlock = () => rm(join(path, claim), { force: true });
    try {
      await writeFile(join(path, claim), "", { flag: "wx" });
      const other = await findLiveClaim(path, claim);
      if (other === undefined) return unlock;
      await unlock();
      if (attempt === MAX_ATTEMPTS) {
        throw new OutputError(
          `${path} is in use by ${processOf(other, place)}: wait for it or stop it, or choose another folder (or delete ${join(path, other)}, if that process is something else).`,
        );
      }
    } catch (error) {
      await unlock().catch(() => {});
      throw systemErrorCode(error) === undefined ? error : outputError(join(path, claim), error);
    }
    await sleep(Math.random() * 10 * 2 ** attempt);
  }
}

/** A claim of another live holder; those of processes that are gone are removed. */
async function findLiveClaim(path: string, own: string): Promise<string | undefined> {
  let live: string | undefined;
  for (const name of await readdir(path)) {
    if (name === own || !CLAIM.test(name)) continue;
    if (await isLive(ownerOf(name))) live = name;
    else await rm(join(path, name), { force: true });
  }
  return live;
}

/** Whether a name in a folder is the claim of a process, live or not. */
export function isClaim(name: string): boolean {
  return CLAIM.test(name);
}

function processOf(claim: string, here: string): string {
  const { pid, place } = ownerOf(claim);
  return `process ${pid}${place === here ? "" : " of another machine or container"}`;
}

function ownerOf(claim: string): Owner {
  const [, pid, begin = "", place = ""] = CLAIM.exec(claim) ?? [];
  return { pid: Number(pid), begin, place };
}
