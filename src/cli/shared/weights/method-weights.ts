import { innerLoopOf } from "../../../estimate/metakernelgan/inner-loop.js";
import { METHODS, type MethodName } from "../../../estimate/methods/methods.js";
import { ganWeights } from "../../../model/gan/gan-weights.js";
import { spectralWeights } from "../../../model/spectral/spectral-weights.js";
import type { WeightFile } from "../../../weights/weight-file.js";
import { InputError } from "../read-input.js";
import { ownWeights, type ReadWeights, readWeights } from "./weights-files.js";

/**
 * Reads the weights of a method: the file that was asked for, else the packaged one.
 * @returns undefined for a method without weights.
 * @throws {InputError} if the file cannot be read, is of another network or for another scale.
 */
export async function readMethodWeights(
  method: MethodName,
  scale: 2 | 4,
  asked?: string,
): Promise<ReadWeights | undefined> {
  const name = METHODS[method].weights(scale);
  if (name === undefined) return undefined;
  if (method === "spectral") return readSpectralWeights(scale, asked);
  return readWeights(asked ?? ownWeights(name), checkGan);
}

/**
 * Reads the weights of the spectral estimator for a scale: the file that was asked for, else the packaged one.
 * @throws {InputError} if the file cannot be read, is of another network or for another scale.
 */
export async function readSpectralWeights(scale: 2 | 4, asked?: string): Promise<ReadWeights> {
  const path = asked ?? ownWeights(METHODS.spectral.weights(scale) as string);
  const weights = await readWeights(path, spectralWeights);
  const { scale: own } = spectralWeights(weights.file);
  assertScale(path, own, scale);
  return weights;
}

/** @throws {InputError} if the weights in a file are not for the scale that was asked for. */
export function assertScale(path: string, own: number, scale: number): void {
  if (own === scale) return;
  throw new InputError(`${path} is for ×${own}, not ×${scale}: give --scale ${own}, or other weights.`);
}

function checkGan(file: WeightFile): void {
  ganWeights(file);
  innerLoopOf(file.metadata);
}
