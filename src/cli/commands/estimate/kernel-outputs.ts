import { type BlurKernel, flipKernel, type Orientation } from "../../../kernel/blur-kernel.js";
import { checkWritable } from "../../../node/files/atomic-write.js";
import { checkKernelPath, writeKernel } from "../../../node/files/kernel-files.js";
import { UsageError } from "../../shared/errors.js";
import { assertOutputsDistinct } from "../../shared/files/assert-outputs.js";

/**
 * Checks the names of the files to write before any work is done.
 * @param inputs files that must not be overwritten.
 * @throws {UsageError} if a name has an unknown ending, is that of an input, or is given twice.
 * @throws {OutputError} if a file cannot be written.
 */
export async function checkOutputs(paths: readonly string[], inputs: readonly string[]): Promise<void> {
  for (const path of paths) {
    try {
      checkKernelPath(path);
    } catch (cause) {
      throw new UsageError((cause as Error).message, { cause });
    }
  }
  await assertOutputsDistinct(paths, inputs);
  for (const path of paths) await checkWritable(path);
}

/** Writes a kernel to every file, in the orientation asked for. */
export async function writeOutputs(
  paths: readonly string[],
  kernel: BlurKernel<"correlation">,
  orientation: Orientation,
): Promise<void> {
  const oriented = orientation === "convolution" ? flipKernel(kernel) : kernel;
  for (const path of paths) await writeKernel(path, oriented);
}
