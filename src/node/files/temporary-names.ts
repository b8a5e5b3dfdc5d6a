import { randomBytes } from "node:crypto";
import { readdir, rm } from "node:fs/promises";
import { join, sep } from "node:path";
import { isLive, thisProcess } from "./owner.js";

/** Place, process, when that began, and something of its own: `.mkg-1f2e3d4c-4711-123456-0123456789ab.tmp`. */
const NAME = /^\.mkg-([0-9a-f]{8})-(\d+)-(\d*)-[0-9a-f]{12}\.tmp$/;

const owner = thisProcess();

/**
 * A hidden name for a file or a folder that is renamed when it is whole. It says whose it is, so that {@link removeLeftovers} knows
 * what a process that was killed has left behind. Short, so that it fits wherever the final name does.
 */
export async function temporaryName(folder: string): Promise<string> {
  const { pid, begin, place } = await owner;
  return join(folder, `.mkg-${place}-${pid}-${begin}-${randomBytes(6).toString("hex")}.tmp`);
}

/** Whether a name in a folder is one of {@link temporaryName}. */
export function isTemporaryName(name: string): boolean {
  return NAME.test(name);
}

/** A path without folders of temporary names: the place that a file within them is to have. */
export function finalPath(path: string): string {
  return path
    .split(sep)
    .filter((part) => !isTemporaryName(part))
    .join(sep);
}

/** Removes what processes of this machine or container have left in a folder under temporary names when they were killed. */
export async function removeLeftovers(folder: string): Promise<void> {
  for (const name of await readdir(folder).catch((): string[] => [])) {
    const [, place, pid, begin = ""] = NAME.exec(name) ?? [];
    if (place === undefined || (await isLive({ place, pid: Number(pid), begin }))) continue;
    await rm(join(folder, name), { recursive: true, force: true }).catch(() => {});
  }
}
