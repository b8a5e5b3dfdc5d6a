import { randomBytes } from "node:crypto";
import { closeSync, fstatSync, openSync, readFileSync, unlinkSync, writeSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/**
 * Dawn prints these at every opening of some drivers, and where there is none, before another adapter is taken. They say nothing
 * about this program.
 */
const HARMLESS =
  /^Warning: (?:maxDynamic\w+ artificially reduced from \d+ to \d+ to fit .*|vkCreateInstance: Found no drivers!|vkCreateInstance failed with VK_ERROR_INCOMPATIBLE_DRIVER\n {4}at .*\n)\n/gm;

const STDERR = 2;

let quiet = false;

/**
 * From now on, {@link withoutHarmlessWarnings} keeps lines that Dawn prints off standard error. For a program that owns its
 * process; a library must not touch the streams.
 */
export function keepHarmlessWarningsOff(): void {
  quiet = true;
}

/**
 * Runs a call of native code, which writes to standard error past Node. Meanwhile a file is in the stream's place; what is
 * not harmless is printed afterwards.
 */
export function withoutHarmlessWarnings<T>(call: () => T): T {
  if (!quiet || process.platform !== "linux" || !isReplaceable()) return call();
  let original: number;
  try {
    // As there is no dup2 here, the stream is opened anew, by its magic link.
    original = openSync(`/proc/self/fd/${STDERR}`, "a");
  } catch {
    return call();
  }
  const capture = join(tmpdir(), `.metakernelgan-${randomBytes(6).toString("hex")}.tmp`);
  const isCaptured = replaceStderr(capture, "ax+");
  try {
    if (isCaptured) unlinkSync(capture);
    else replaceStderr(`/proc/self/fd/${original}`, "a");
    return call();
  } finally {
    if (isCaptured) {
      const rest = readFileSync(`/proc/self/fd/${STDERR}`, "utf8").replace(HARMLESS, "");
      replaceStderr(`/proc/self/fd/${original}`, "a");
      if (rest !== "") writeSync(STDERR, rest);
    }
    closeSync(original);
  }
}

/**
 * A terminal or a pipe can be opened anew. A file cannot: other streams and processes write on from a position that they share with
 * this one, and would overwrite what comes meanwhile.
 */
function isReplaceable(): boolean {
  try {
    return !fstatSync(STDERR).isFile();
  } catch {
    return false;
  }
}

/** Opens a file as standard error: the system gives the lowest number that is free. Says whether that worked. */
function replaceStderr(path: string, flags: string): boolean {
  closeSync(STDERR);
  try {
    const file = openSync(path, flags);
    if (file === STDERR) return true;
    closeSync(file);
  } catch {
    // There is no room for it, or no permission.
  }
  return false;
}
