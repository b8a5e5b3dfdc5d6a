import { realpath } from "node:fs/promises";
import { resolve } from "node:path";
import { UsageError } from "../errors.js";

/**
 * Checks that no file to write is also read, or written twice.
 * @throws {UsageError} naming the first one that is.
 */
export async function assertOutputsDistinct(
  outputs: readonly string[],
  inputs: readonly string[],
): Promise<void> {
  const read = new Set(await Promise.all(inputs.map(realPath)));
  const written = new Set<string>();
  for (const output of outputs) {
    const path = await realPath(output);
    if (read.has(path)) {
      throw new UsageError(`${output} is read by this command; choose another file or folder to write.`);
    }
    if (written.has(path)) {
      throw new UsageError(`Two results would be written to ${output}; rename an image or an output.`);
    }
    written.add(path);
  }
}

/** Where a path leads to, through links; an absolute path if there is nothing yet. */
export function realPath(path: string): Promise<string> {
  return realpath(path).catch(() => resolve(path));
}
