import { createHash } from "node:crypto";
import { readFile, readlink } from "node:fs/promises";
import { hostname } from "node:os";
import { systemErrorCode } from "./system-errors.js";

/** A process that a file belongs to. */
export interface Owner {
  readonly pid: number;
  /** When it began, in ticks; empty where the system does not say so. */
  readonly begin: string;
  /** Where it runs, see {@link placeOfProcesses}. */
  readonly place: string;
}

/** Names the machine and, on Linux, the numbering of its processes that this one sees: a container has its own. */
export async function placeOfProcesses(): Promise<string> {
  const numbering = await readlink("/proc/self/ns/pid").catch(() => "");
  return createHash("sha256").update(`${hostname()} ${numbering}`).digest("hex").slice(0, 8);
}

/** The process that this runs in. */
export async function thisProcess(): Promise<Owner> {
  const { begin = "" } = (await processInfo(process.pid)) ?? {};
  return { pid: process.pid, begin, place: await placeOfProcesses() };
}

/** Whether a process runs; one of another place cannot be looked up, and counts. */
export async function isLive({ pid, begin, place }: Owner): Promise<boolean> {
  if (place !== (await placeOfProcesses())) return true;
  try {
    process.kill(pid, 0);
  } catch (error) {
    // EPERM: it runs, as another user's.
    if (systemErrorCode(error) !== "EPERM") return false;
  }
  const info = await processInfo(pid);
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
