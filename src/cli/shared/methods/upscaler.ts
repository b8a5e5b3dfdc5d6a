import { existsSync } from "node:fs";
import type { Engine } from "../../../engine/engine.js";
import { configOf } from "../../../model/usrnet/usrnet-config.js";
import { FourierUpscaler } from "../../../upscale/fourier-upscaler.js";
import type { Upscaler } from "../../../upscale/upscaler.js";
import type { UpscalerName } from "../../../upscale/upscaler-names.js";
import { UsrNet } from "../../../upscale/usrnet.js";
import type { Precision } from "../../../weights/layouts/usrnet-layout.js";
import { UsageError } from "../errors.js";
import { InputError } from "../read-input.js";
import { ownWeights, type ReadWeights, readWeights } from "../weights/weights-files.js";

/** The packaged weights of USRNet. */
const OWN = "usrnet.safetensors";

/** An upscaler with its weights, read before a device is opened. */
export interface ChosenUpscaler {
  readonly model: UpscalerName;
  /** The fast upscaler has none. */
  readonly weights: ReadWeights | undefined;
  readonly precision: Precision;
}

/** What chooses an upscaler on the command line. */
export interface UpscalerOptions {
  /** Unless given, USRNet if there are weights for it. */
  readonly model?: UpscalerName;
  readonly upscalerWeights?: string;
  readonly precision?: Precision;
}

/**
 * Reads the weights of an upscaler.
 * @throws {UsageError} if an option does not go with the fast upscaler.
 * @throws {InputError} if the weights cannot be read, are not a USRNet's, or are missing in this package.
 */
export async function readUpscaler({
  model,
  upscalerWeights,
  precision = "f32",
}: UpscalerOptions): Promise<ChosenUpscaler> {
  const path = upscalerWeights ?? ownWeights(OWN);
  const isThere = upscalerWeights !== undefined || existsSync(path);
  if ((model ?? (isThere ? "usrnet" : "fast")) === "fast") {
    const unfit =
      upscalerWeights !== undefined ? "--upscaler-weights" : precision !== "f32" && "--precision f16";
    if (unfit)
      throw new UsageError(`The fast upscaler has no network, so ${unfit} does not go with --model fast.`);
    return { model: "fast", weights: undefined, precision };
  }
  if (!isThere) {
    throw new InputError(
      "This package has no weights of USRNet: give a file with --upscaler-weights, or give --model fast.",
    );
  }
  return { model: "usrnet", weights: await readWeights(path, configOf), precision };
}

/** Loads a chosen upscaler on a device. */
export async function openUpscaler(
  engine: Engine,
  { weights, precision }: ChosenUpscaler,
): Promise<Upscaler> {
  return weights ? UsrNet.load(engine, weights.file, { precision }) : new FourierUpscaler(engine);
}
