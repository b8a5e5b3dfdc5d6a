import { realpath } from "node:fs/promises";
import { type BlurKernel, flipKernel, type Orientation } from "../../../kernel/blur-kernel.js";
import { checkWritable } from "../../../node/files/atomic-write.js";
import { checkKernelPath, writeKernel } from "../../../node/files/kernel-files.js";
import { UsageError } from "../../shared/errors.js";

/**
 * Checks the names of the files to write before any work is done.
 * @param inputs files that must not be written over.
 * @throws {UsageError} if a name has an unknown ending or is that of an input.
 * @throws {OutputError} if a file cannot be written.
 */
export async function checkOutputs(paths: readonly string[], inputs: readonly string[]): Promise<void> {
  const taken = new Set(await Promise.all(inputs.map(resolved)));
  for (const path of paths) {
    try {
      checkKernelPath(path);
    } catch (cause) {
      throw new UsageError((cause as Error).message, { cause });
    }
    if (taken.has(await resolved(path))) {
      throw new UsageError(`${path} is read by this command; choose another file to write.`);
    }
    await checkWritable(path);
  }
}

/** Writes a kernel to every file, in the orientation asked for. */
export async function writeOutputs(
  paths: readonly string[],
  kernel: BlurKernel<"correlation">,
  orientation: Orientation,
): Promise<void> {
  const turned = orientation === "convolution" ? flipKernel(kernel) : kernel;
  for (const path of paths) await writeKernel(path, turned);
}

function resolved(path: string): Promise<string> {
  return realpath(path).catch(() => path);
}
