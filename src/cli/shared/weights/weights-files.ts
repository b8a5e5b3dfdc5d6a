import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { WeightsError } from "../../../weights/errors.js";
import { parseSafetensors } from "../../../weights/safetensors.js";
import type { WeightFile } from "../../../weights/weight-file.js";
import { sniffWeightFormat } from "../../../weights/weight-format.js";
import { parseInput } from "../read-input.js";

/** Weights of a network, and where they come from. */
export interface ReadWeights {
  readonly path: string;
  readonly file: WeightFile;
}

/**
 * Reads a weights file.
 * @param check throws a {@link WeightsError} if they are another network's; found here, before a device is opened.
 * @throws {InputError} if the file cannot be read or is not of the network.
 */
export async function readWeights(path: string, check: (file: WeightFile) => unknown): Promise<ReadWeights> {
  const file = await parseInput(path, (bytes) => {
    if (sniffWeightFormat(bytes)?.startsWith("pytorch")) {
      throw new WeightsError(
        "this is a PyTorch checkpoint; turn it into a weights file first, with metakernelgan import CHECKPOINT OUT.safetensors.",
      );
    }
    const parsed = parseSafetensors(bytes);
    check(parsed);
    return parsed;
  });
  return { path, file };
}

/** The path of weights that came with the package. */
export function ownWeights(name: string): string {
  let folder = dirname(fileURLToPath(import.meta.url));
  // Past the root there is nothing; then the file is reported missing.
  while (!existsSync(join(folder, "package.json")) && folder !== dirname(folder)) folder = dirname(folder);
  return join(folder, "models", name);
}

/** Which weights a network had, for JSON. */
export function weightsJson(weights: ReadWeights | undefined): Record<string, unknown> | null {
  return weights ? { path: weights.path, metadata: weights.file.metadata } : null;
}
