import { realpath } from "node:fs/promises";
import { resolve } from "node:path";
import { UsageError } from "../errors.js";

/**
 * Checks that no file to write is also read, or written twice.
 * @throws {UsageError} naming all that are.
 */
export async function assertOutputsDistinct(
  outputs: readonly string[],
  inputs: readonly string[],
): Promise<void> {
  const read = new Set(await Promise.all(inputs.map(realPath)));
  const written = new Set<string>();
  const [alsoRead, twice] = [new Set<string>(), new Set<string>()];
  for (const output of outputs) {
    const path = await realPath(output);
    if (read.has(path)) alsoRead.add(output);
    if (written.has(path)) twice.add(output);
    written.add(path);
  }
  if (alsoRead.size > 0) {
    throw new UsageError(
      `${listText(alsoRead)} ${alsoRead.size > 1 ? "are" : "is"} read by this command; choose another file or folder to write.`,
    );
  }
  if (twice.size > 0) {
    throw new UsageError(
      `Two results would be written to ${twice.size > 1 ? "each of " : ""}${listText(twice)}; rename an image or an output.`,
    );
  }
}

function listText(names: ReadonlySet<string>): string {
  return [...names].join(", ");
}

/** Where a path leads to, through links; an absolute path if there is nothing yet. */
export function realPath(path: string): Promise<string> {
  return realpath(path).catch(() => resolve(path));
}
