import { createHash, randomBytes } from "node:crypto";
import { readdir, rm } from "node:fs/promises";
import { hostname } from "node:os";
import { join } from "node:path";
import { isLive, thisProcess } from "./owner.js";

/** Machine, process, when that began, and something of its own: `.mkg-1f2e3d4c-4711-123456-0123456789ab.tmp`. */
const NAME = /^\.mkg-([0-9a-f]{8})-(\d+)-(\d*)-[0-9a-f]{12}\.tmp$/;

/** Other machines may write into the same folder, whose processes are not known here. */
const MACHINE = createHash("sha256").update(hostname()).digest("hex").slice(0, 8);

const owner = thisProcess();

/**
 * A hidden name for a file or a folder that is renamed when it is whole. It says whose it is, so that {@link removeLeftovers} knows
 * what a process that was killed has left behind. Short, so that it fits wherever the final name does.
 */
export async function temporaryName(folder: string): Promise<string> {
  const { pid, begin } = await owner;
  return join(folder, `.mkg-${MACHINE}-${pid}-${begin}-${randomBytes(6).toString("hex")}.tmp`);
}

/** Whether a name in a folder is one of {@link temporaryName}. */
export function isTemporaryName(name: string): boolean {
  return NAME.test(name);
}

/** Removes what processes of this machine have left in a folder under temporary names when they were killed. */
export async function removeLeftovers(folder: string): Promise<void> {
  for (const name of await readdir(folder).catch((): string[] => [])) {
    const [, machine, pid, begin = ""] = NAME.exec(name) ?? [];
    if (machine !== MACHINE || (await isLive({ pid: Number(pid), begin }))) continue;
    await rm(join(folder, name), { recursive: true, force: true }).catch(() => {});
  }
}
