import { existsSync } from "node:fs";
import type { Engine } from "../../../engine/device/engine.js";
import { GUIDED_FORMAT, guidedConfigOf } from "../../../model/guided/layout.js";
import { configOf } from "../../../model/usrnet/usrnet-config.js";
import { SelfEnsemble } from "../../../upscale/ensemble/self-ensemble.js";
import { FourierUpscaler } from "../../../upscale/fourier/fourier-upscaler.js";
import { GuidedUpscaler } from "../../../upscale/guided/guided-upscaler.js";
import type { Upscaler } from "../../../upscale/upscaler.js";
import type { ModelName } from "../../../upscale/upscaler-names.js";
import { UsrNet } from "../../../upscale/usrnet/usrnet.js";
import { WeightsError } from "../../../weights/errors.js";
import type { Precision } from "../../../weights/layouts/usrnet-layout.js";
import { namesText } from "../../../weights/unwrap.js";
import type { WeightFile } from "../../../weights/weight-file.js";
import { UsageError } from "../errors.js";
import { InputError } from "../read-input.js";
import { assertScale } from "../weights/method-weights.js";
import { ownWeights, type ReadWeights, readWeights } from "../weights/weights-files.js";

/** The packaged weights of USRNet. */
const OWN = "usrnet.safetensors";

/** An upscaler with its weights, read before a device is opened. */
export interface ChosenUpscaler {
  readonly model: ModelName;
  /** None for the fast upscaler. */
  readonly weights?: ReadWeights;
  readonly precision: Precision;
}

/** What chooses an upscaler on the command line. */
export interface UpscalerOptions {
  /** Unless given, the first for which there are weights. */
  readonly model?: ModelName;
  readonly upscalerWeights?: string;
  readonly precision?: Precision;
}

/**
 * Reads the weights of an upscaler for a scale: unless another is asked for, the network for photos if this package has weights of
 * it.
 * @throws {UsageError} if an option does not go with the upscaler.
 * @throws {InputError} if the weights cannot be read, are another network's or for another scale, or are missing in this package.
 */
export async function readUpscalerFor(scale: number, options: UpscalerOptions): Promise<ChosenUpscaler> {
  const { upscalerWeights: asked, precision = "f32" } = options;
  const isFree = options.model === undefined && asked === undefined && precision === "f32";
  const model = isFree && existsSync(guidedPath(scale)) ? "small" : options.model;
  if (model === "small" || model === "large") return readGuided(model, scale, asked, precision);
  const path = asked ?? ownWeights(OWN);
  const isThere = asked !== undefined || existsSync(path);
  if ((model ?? (isThere ? "usrnet" : "fast")) === "fast") {
    const unfit = asked !== undefined ? "--upscaler-weights" : precision !== "f32" && "--precision f16";
    if (unfit)
      throw new UsageError(`The fast upscaler has no network, so ${unfit} does not go with --model fast.`);
    return { model: "fast", precision };
  }
  if (!isThere) {
    throw new InputError(
      "This package has no weights of USRNet: give a file with --upscaler-weights, or give --model fast.",
    );
  }
  const read = await readWeights(path, model === undefined ? checkAnyNetwork : checkUsrNet);
  if (isGuided(read.file)) return readGuided("small", scale, path, precision);
  return { model: "usrnet", weights: read, precision };
}

/** Reads the network for photos from a file, or else the packaged one. */
async function readGuided(
  model: "small" | "large",
  scale: number,
  asked: string | undefined,
  precision: Precision,
): Promise<ChosenUpscaler> {
  if (precision !== "f32") {
    throw new UsageError("The network for photos is stored in f32, so --precision f16 does not go with it.");
  }
  const path = asked ?? guidedPath(scale);
  if (asked === undefined && !existsSync(path)) {
    const scales = [1, 2, 3, 4].filter((each) => existsSync(guidedPath(each))).map((each) => `×${each}`);
    throw new InputError(
      `This package has weights of the network for photos for ${scales.join(" and ") || "no scale"}, not for ×${scale}: give another --model, or a file with --upscaler-weights.`,
    );
  }
  const weights = await readWeights(path, guidedConfigOf);
  assertScale(path, guidedConfigOf(weights.file).scale, scale);
  return { model, weights, precision };
}

/** The packaged weights of the network for photos, one file a scale. */
function guidedPath(scale: number): string {
  return ownWeights(`small-x${scale}.safetensors`);
}

function checkAnyNetwork(file: WeightFile): void {
  if (isGuided(file)) guidedConfigOf(file);
  else checkUsrNet(file);
}

/** The names of a USRNet's tensors begin with its two parts: prior and hyperparameters. */
function checkUsrNet(file: WeightFile): void {
  const { tensors } = file;
  if (![...tensors.keys()].some((name) => /^[ph]\./.test(name))) {
    throw new WeightsError(
      `The weights file is not of a USRNet, as it has ${namesText(tensors) || "no tensors"}; give USRNet's weights, imported or our own.`,
    );
  }
  configOf(file);
}

function isGuided({ metadata }: WeightFile): boolean {
  return metadata.format === GUIDED_FORMAT;
}

/** Loads a chosen upscaler on a device. */
export async function openUpscaler(
  engine: Engine,
  { model, weights, precision }: ChosenUpscaler,
): Promise<Upscaler> {
  if (model === "fast" || !weights) return FourierUpscaler.load(engine);
  if (model === "usrnet") return UsrNet.load(engine, weights.file, { precision });
  const network = await GuidedUpscaler.load(engine, weights.file);
  return model === "large" ? new SelfEnsemble(network) : network;
}
