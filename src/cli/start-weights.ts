import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { WeightsError } from "../model/errors.js";
import { ganWeights } from "../model/gan-weights.js";
import { parseSafetensors } from "../model/weights/safetensors.js";
import type { WeightFile } from "../model/weights/weight-file.js";
import { sniffWeightFormat } from "../model/weights/weight-format.js";
import { parseInput } from "./read-input.js";

/** The start of an adaptation, and where it comes from. */
export interface StartWeights {
  readonly path: string;
  readonly file: WeightFile;
}

/** The package's own starts, by method. */
const OWN = { meta: "metakernelgan.safetensors", dataset: "dskernelgan.safetensors" } as const;

/**
 * Reads the weights file that was asked for, else the package's own.
 * @throws {InputError} if the file cannot be read or is not a start of MetaKernelGAN.
 */
export async function readStartWeights(
  asked: string | undefined,
  method: keyof typeof OWN = "meta",
): Promise<StartWeights> {
  const path = asked ?? ownWeights(OWN[method]);
  return { path, file: await parseInput(path, parse) };
}

function parse(bytes: Uint8Array): WeightFile {
  if (sniffWeightFormat(bytes)?.startsWith("pytorch")) {
    throw new WeightsError(
      "this is a PyTorch checkpoint; turn it into a weights file first, with metakernelgan import CHECKPOINT OUT.safetensors.",
    );
  }
  const file = parseSafetensors(bytes);
  // Found here, before a device is opened.
  ganWeights(file);
  return file;
}

/** The path of weights that came with the package. */
function ownWeights(name: string): string {
  let folder = dirname(fileURLToPath(import.meta.url));
  // Past the root there is nothing; then the file is reported missing.
  while (!existsSync(join(folder, "package.json")) && folder !== dirname(folder)) folder = dirname(folder);
  return join(folder, "models", name);
}
