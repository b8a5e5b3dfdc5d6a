import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { WeightsError } from "../model/errors.js";
import { ganWeights } from "../model/gan-weights.js";
import { parseSafetensors } from "../model/weights/safetensors.js";
import type { WeightFile } from "../model/weights/weight-file.js";
import { sniffWeightFormat } from "../model/weights/weight-format.js";
import { parseInput } from "./read-input.js";

/** What to tell the user where there are no weights. */
export const RANDOM_START =
  "There is no start, so the estimate begins at random and is rough after a few hundred steps; give a meta-learned " +
  "start with --weights, or take --method kernelgan, which needs none.";

/** The start of an adaptation, and where it comes from. */
export interface StartWeights {
  readonly path: string;
  readonly file: WeightFile;
}

/** The package's own starts. */
const OWN = { meta: "metakernelgan.safetensors", dataset: "dskernelgan.safetensors" } as const;

/**
 * Reads the weights file that was asked for, else the package's own; undefined if neither is there.
 * @throws {InputError} if the file cannot be read or is not a start of MetaKernelGAN.
 */
export async function readStartWeights(
  asked: string | undefined,
  method: keyof typeof OWN = "meta",
): Promise<StartWeights | undefined> {
  const path = asked ?? ownWeights(OWN[method]);
  if (path === undefined) return undefined;
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

/** The path of weights that came with the package, if they did. */
function ownWeights(name: string): string | undefined {
  let folder = dirname(fileURLToPath(import.meta.url));
  while (!existsSync(join(folder, "package.json"))) {
    if (folder === dirname(folder)) return undefined;
    folder = dirname(folder);
  }
  const path = join(folder, "models", name);
  return existsSync(path) ? path : undefined;
}
