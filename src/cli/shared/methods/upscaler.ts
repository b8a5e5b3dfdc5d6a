import { existsSync } from "node:fs";
import type { Engine } from "../../../engine/device/engine.js";
import { GUIDED_FORMAT, guidedConfigOf } from "../../../model/guided/layout.js";
import { configOf } from "../../../model/usrnet/usrnet-config.js";
import { FourierUpscaler } from "../../../upscale/fourier/fourier-upscaler.js";
import { GuidedUpscaler } from "../../../upscale/guided/guided-upscaler.js";
import type { Upscaler } from "../../../upscale/upscaler.js";
import type { UpscalerName } from "../../../upscale/upscaler-names.js";
import { UsrNet } from "../../../upscale/usrnet/usrnet.js";
import type { Precision } from "../../../weights/layouts/usrnet-layout.js";
import type { WeightFile } from "../../../weights/weight-file.js";
import { UsageError } from "../errors.js";
import { InputError } from "../read-input.js";
import { ownWeights, type ReadWeights, readWeights } from "../weights/weights-files.js";

/** The packaged weights of USRNet. */
const OWN = "usrnet.safetensors";

/** The packaged weights of the network for photos, one file a scale. */
const OWN_GUIDED = [1, 2, 3, 4].map(guidedName);

/** An upscaler with its weights, read before a device is opened. */
export interface ChosenUpscaler {
  readonly model: UpscalerName;
  /** None for the fast upscaler, one file a scale for the network for photos. */
  readonly weights: readonly ReadWeights[];
  readonly precision: Precision;
}

/** What chooses an upscaler on the command line. */
export interface UpscalerOptions {
  /** Unless given, the first for which there are weights. */
  readonly model?: UpscalerName;
  readonly upscalerWeights?: string;
  readonly precision?: Precision;
}

/**
 * Reads the weights of an upscaler.
 * @throws {UsageError} if an option does not go with the upscaler.
 * @throws {InputError} if the weights cannot be read, are another network's, or are missing in this package.
 */
async function readUpscaler({
  model,
  upscalerWeights,
  precision = "f32",
}: UpscalerOptions): Promise<ChosenUpscaler> {
  if (model === "small") return readGuided(upscalerWeights, precision);
  const path = upscalerWeights ?? ownWeights(OWN);
  const isThere = upscalerWeights !== undefined || existsSync(path);
  if ((model ?? (isThere ? "usrnet" : "fast")) === "fast") {
    const unfit =
      upscalerWeights !== undefined ? "--upscaler-weights" : precision !== "f32" && "--precision f16";
    if (unfit)
      throw new UsageError(`The fast upscaler has no network, so ${unfit} does not go with --model fast.`);
    return { model: "fast", weights: [], precision };
  }
  if (!isThere) {
    throw new InputError(
      "This package has no weights of USRNet: give a file with --upscaler-weights, or give --model fast.",
    );
  }
  const read = await readWeights(path, model === undefined ? checkAnyNetwork : configOf);
  if (isGuided(read.file)) return readGuided(upscalerWeights, precision);
  return { model: "usrnet", weights: [read], precision };
}

/**
 * Reads the weights of the upscaler for a scale: unless another is asked for, the network for photos if this package has weights
 * of it. Throws as {@link readUpscaler}.
 */
export async function readUpscalerFor(scale: number, options: UpscalerOptions): Promise<ChosenUpscaler> {
  const { model, upscalerWeights, precision = "f32" } = options;
  const isFree = model === undefined && upscalerWeights === undefined && precision === "f32";
  return readUpscaler(
    isFree && existsSync(ownWeights(guidedName(scale))) ? { ...options, model: "small" } : options,
  );
}

/** Reads the network for photos: one file's, or the packaged ones of all scales. */
async function readGuided(asked: string | undefined, precision: Precision): Promise<ChosenUpscaler> {
  if (precision !== "f32") {
    throw new UsageError("The network for photos is stored in f32, so --precision f16 does not go with it.");
  }
  const paths = asked === undefined ? OWN_GUIDED.map(ownWeights).filter((path) => existsSync(path)) : [asked];
  if (paths.length === 0) {
    throw new InputError(
      "This package has no weights of the network for photos: give a file with --upscaler-weights, or another --model.",
    );
  }
  const weights = await Promise.all(paths.map((path) => readWeights(path, guidedConfigOf)));
  return { model: "small", weights, precision };
}

function guidedName(scale: number): string {
  return `small-x${scale}.safetensors`;
}

function checkAnyNetwork(file: WeightFile): void {
  if (isGuided(file)) guidedConfigOf(file);
  else configOf(file);
}

function isGuided({ metadata }: WeightFile): boolean {
  return metadata.format === GUIDED_FORMAT;
}

/** Loads a chosen upscaler on a device. */
export async function openUpscaler(
  engine: Engine,
  { model, weights, precision }: ChosenUpscaler,
): Promise<Upscaler> {
  if (model === "fast") return FourierUpscaler.load(engine);
  const files = weights.map(({ file }) => file);
  if (model === "small") return GuidedUpscaler.load(engine, ...files);
  return UsrNet.load(engine, files[0], { precision });
}
