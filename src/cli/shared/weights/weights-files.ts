import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { LayoutError, WeightsError } from "../../../weights/errors.js";
import { parseSafetensors } from "../../../weights/safetensors.js";
import { namesText, unwrapWeights } from "../../../weights/unwrap.js";
import type { WeightFile } from "../../../weights/weight-file.js";
import { sniffWeightFormat } from "../../../weights/weight-format.js";
import { parseInput } from "../read-input.js";

/** The weights of a network and the file that they come from. */
export interface ReadWeights {
  readonly path: string;
  readonly file: WeightFile;
}

/**
 * Reads a weights file.
 * @param check throws a {@link WeightsError} for the weights of another network, before a device is opened.
 * @throws {InputError} if the file cannot be read or is of another network.
 */
export async function readWeights(path: string, check: (file: WeightFile) => unknown): Promise<ReadWeights> {
  const file = await parseInput(path, (bytes) => {
    if (sniffWeightFormat(bytes)?.startsWith("pytorch")) {
      throw new WeightsError(
        "this is a PyTorch checkpoint; convert it first, with metakernelgan import CHECKPOINT OUT.safetensors.",
      );
    }
    const parsed = parseSafetensors(bytes);
    const unwrapped = unwrapWeights(parsed, () => false);
    try {
      check(unwrapped);
    } catch (cause) {
      if (!(cause instanceof LayoutError)) throw cause;
      throw new WeightsError(`${cause.message} It has the tensors ${namesText(parsed.tensors)}.`, { cause });
    }
    return unwrapped;
  });
  return { path, file };
}

/** The path of a weights file that came with the package. */
export function ownWeights(name: string): string {
  let folder = dirname(fileURLToPath(import.meta.url));
  // Without any package.json the search ends at the root, and the file is reported as missing.
  while (!existsSync(join(folder, "package.json")) && folder !== dirname(folder)) folder = dirname(folder);
  return join(folder, "models", name);
}

/** A weights file as `--json` names it. */
export function weightsJson(weights: ReadWeights | undefined): Record<string, unknown> | null {
  return weights ? { path: weights.path, metadata: weights.file.metadata } : null;
}
