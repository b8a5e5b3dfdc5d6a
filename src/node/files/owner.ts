import { readFile } from "node:fs/promises";
import { systemErrorCode } from "./system-errors.js";

/** A process that a file belongs to. */
export interface Owner {
  readonly pid: number;
  /** When it began, in ticks; empty where the system does not say so. */
  readonly begin: string;
}

/** The process that this runs in. */
export async function thisProcess(): Promise<Owner> {
  const { begin = "" } = (await processInfo(process.pid)) ?? {};
  return { pid: process.pid, begin };
}

/** Whether a process runs. */
export async function isLive({ pid, begin }: Owner): Promise<boolean> {
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
