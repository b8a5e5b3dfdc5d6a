import { createHash, randomBytes } from "node:crypto";
import { readdir, readFile, readlink, rm, writeFile } from "node:fs/promises";
import { hostname } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { OutputError } from "../errors.js";
import { outputError } from "./atomic-write.js";
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

/**
 * Unlocks a folder.
 * @param movedTo where the folder lies by now, if it was renamed.
 */
export type Unlock = (movedTo?: string) => Promise<void>;

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
  const { begin = "" } = (await processInfo(process.pid)) ?? {};
  const place = await claimPlace();
  for (let attempt = 1; ; attempt++) {
    const claim = `lock-${process.pid}-${begin}-${place}-${randomBytes(8).toString("hex")}`;
    const unlock: Unlock = (movedTo = path) => rm(join(movedTo, claim), { force: true });
    try {
      await writeFile(join(path, claim), "", { flag: "wx" });
      const other = await findLiveClaim(path, claim, place);
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
async function findLiveClaim(path: string, own: string, place: string): Promise<string | undefined> {
  let live: string | undefined;
  for (const name of await readdir(path)) {
    if (name === own || !CLAIM.test(name)) continue;
    if (await isLive(name, place)) live = name;
    else await rm(join(path, name), { force: true });
  }
  return live;
}

function processOf(claim: string, place: string): string {
  const [, pid, , other] = CLAIM.exec(claim) ?? [];
  return `process ${pid}${other === place ? "" : " of another machine or container"}`;
}

/** Names the machine and, on Linux, the numbering of its processes that this one sees: a container has its own. */
export async function claimPlace(): Promise<string> {
  const numbering = await readlink("/proc/self/ns/pid").catch(() => "");
  return createHash("sha256").update(`${hostname()} ${numbering}`).digest("hex").slice(0, 8);
}

async function isLive(claim: string, here: string): Promise<boolean> {
  const [, pid, begin, place] = CLAIM.exec(claim) ?? [];
  if (place !== here) return true;
  try {
    process.kill(Number(pid), 0);
  } catch (error) {
    // EPERM: it runs, as another user's.
    if (systemErrorCode(error) !== "EPERM") return false;
  }
  const info = await processInfo(Number(pid));
  // Else another process has the number by now, as it often happens in containers.
  return !info || (!info.isZombie && (begin === "" || begin === info.begin));
}

/**
 * When a process began, in ticks, and whether it has ended and only its parent has not noticed; undefined
 * where the system does not say it as Linux does.
 */
async function processInfo(pid: number): Promise<{ begin: string; isZombie: boolean } | undefined> {
  const text = await readFile(`/proc/${pid}/stat`, "latin1").catch(() => "");
  // The second field, the name in parentheses, may hold spaces and parentheses.
  const fields = text.slice(text.lastIndexOf(")") + 2).split(" ");
  const [state, begin] = [fields[0], fields[19]];
  return begin === undefined ? undefined : { begin, isZombie: state === "Z" };
}
