import { innerLoopOf } from "../../../estimate/metakernelgan/inner-loop.js";
import { ganWeights } from "../../../model/gan/gan-weights.js";
import { ownWeights, type ReadWeights, readWeights } from "./weights-files.js";

/** The package's own starts, by method. */
const OWN = { meta: "metakernelgan.safetensors", dataset: "dskernelgan.safetensors" } as const;

/**
 * Reads the start of an adaptation: the weights file that was asked for, else the package's own.
 * @throws {InputError} if the file cannot be read, is not a start of MetaKernelGAN, or belongs to an unknown inner loop.
 */
export function readStartWeights(
  asked: string | undefined,
  method: keyof typeof OWN = "meta",
): Promise<ReadWeights> {
  return readWeights(asked ?? ownWeights(OWN[method]), (file) => {
    ganWeights(file);
    innerLoopOf(file.metadata);
  });
}
