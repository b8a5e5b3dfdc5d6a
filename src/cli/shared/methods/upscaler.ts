import { existsSync } from "node:fs";
import type { Engine } from "../../../engine/engine.js";
import { GUIDED_FORMAT, guidedConfigOf } from "../../../model/guided/layout.js";
import { configOf } from "../../../model/usrnet/usrnet-config.js";
import { FourierUpscaler } from "../../../upscale/fourier-upscaler.js";
import { GuidedUpscaler } from "../../../upscale/guided/guided-upscaler.js";
import type { Upscaler } from "../../../upscale/upscaler.js";
import { UsrNet } from "../../../upscale/usrnet.js";
import type { Precision } from "../../../weights/layouts/usrnet-layout.js";
import type { WeightFile } from "../../../weights/weight-file.js";
import { UsageError } from "../errors.js";
import { InputError } from "../read-input.js";
import { ownWeights, type ReadWeights, readWeights } from "../weights/weights-files.js";
import type { UpscalerName } from "./upscaler-names.js";

/** The package's own upscaling network. */
const OWN = "usrnet.safetensors";

/** The package's own networks for photos, one a scale. */
const OWN_GUIDED = [1, 2, 3, 4].map((scale) => `small-x${scale}.safetensors`);

/** An upscaler with what it has to read. */
export interface ChosenUpscaler {
  readonly model: UpscalerName;
  /** The fast one has none. */
  readonly weights: ReadWeights | undefined;
  readonly precision: Precision;
  create(engine: Engine): Promise<Upscaler>;
}

/**
 * Reads what an upscaler needs. USRNet is the default wherever there are weights for it.
 * @param weights a file that was asked for instead of the package's own.
 * @param option what that file is called on the command line.
 * @param precision in which the network is stored.
 * @throws {UsageError} if the model has no use for it.
 * @throws {InputError} if it cannot be read, is not a USRNet, or the package has none of its own.
 */
export async function readUpscaler(
  model: UpscalerName | undefined,
  weights?: string,
  option = "--weights",
  precision: Precision = "f32",
): Promise<ChosenUpscaler> {
  if (model === "small") return readGuided(weights, precision);
  const path = weights ?? ownWeights(OWN);
  const isThere = weights !== undefined || existsSync(path);
  if ((model ?? (isThere ? "usrnet" : "fast")) === "fast") {
    if (weights !== undefined) {
      throw new UsageError(`The fast upscaler is no network, so ${option} does not go with --model fast.`);
    }
    if (precision !== "f32") {
      throw new UsageError(
        "The fast upscaler is no network, so --precision f16 does not go with --model fast.",
      );
    }
    return {
      model: "fast",
      weights: undefined,
      precision,
      create: async (engine) => new FourierUpscaler(engine),
    };
  }
  if (!isThere) {
    throw new InputError(
      `This package has no weights of USRNet: give a file of them with ${option}, or take --model fast.`,
    );
  }
  const read = await readWeights(path, model === undefined ? anyConfigOf : configOf);
  if (isGuided(read.file)) return readGuided(weights, precision);
  return {
    model: "usrnet",
    weights: read,
    precision,
    create: (engine) => UsrNet.create(engine, read.file, { precision }),
  };
}

function isGuided({ metadata }: WeightFile): boolean {
  return metadata.format === GUIDED_FORMAT;
}

function anyConfigOf(file: WeightFile): unknown {
  return isGuided(file) ? guidedConfigOf(file) : configOf(file);
}

/** The networks for photos: that of a file, or the package's own of all scales. */
async function readGuided(weights: string | undefined, precision: Precision): Promise<ChosenUpscaler> {
  if (precision !== "f32") {
    throw new UsageError("The network for photos is stored in f32, so --precision f16 does not go with it.");
  }
  const paths =
    weights === undefined ? OWN_GUIDED.map(ownWeights).filter((path) => existsSync(path)) : [weights];
  if (paths.length === 0) throw new InputError("This package has no weights of the network for photos.");
  const read = await Promise.all(paths.map((path) => readWeights(path, guidedConfigOf)));
  const files = read.map(({ file }) => file);
  return {
    model: "small",
    weights: read[0],
    precision,
    create: async (engine) => GuidedUpscaler.create(engine, files),
  };
}
