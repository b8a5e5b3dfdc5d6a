import type { Engine } from "../../../engine/device/engine.js";
import type { KernelEstimator } from "../../../estimate/kernel-estimator.js";
import type { MethodName } from "../../../estimate/methods/methods.js";
import { loadEstimator } from "../../../pipeline/load-estimator.js";
import { readMethodWeights } from "../weights/method-weights.js";
import type { ReadWeights } from "../weights/weights-files.js";

/** A method with its weights, read before a device is opened. */
export interface ChosenEstimator {
  readonly method: MethodName;
  readonly scale: 2 | 4;
  /** KernelGAN has none. */
  readonly weights: ReadWeights | undefined;
}

/** What chooses an estimator on the command line. */
export interface EstimatorOptions {
  readonly init?: string;
  readonly spectralWeights?: string;
}

/**
 * Reads the weights of a method.
 * @throws {InputError} if they cannot be read, or are another network's.
 */
export async function readEstimator(
  method: MethodName,
  scale: 2 | 4,
  { init, spectralWeights }: EstimatorOptions = {},
): Promise<ChosenEstimator> {
  const asked = method === "spectral" ? spectralWeights : init;
  return { method, scale, weights: await readMethodWeights(method, scale, asked) };
}

/** Loads a chosen estimator on a device. */
export function openEstimator(
  engine: Engine,
  { method, weights }: ChosenEstimator,
): Promise<KernelEstimator> {
  return loadEstimator(method, engine, weights?.file);
}
