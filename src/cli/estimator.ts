import type { Engine } from "../engine/engine.js";
import type { KernelEstimator } from "../train/evaluation.js";
import { KernelGAN } from "../train/kernelgan/kernelgan.js";
import { MetaKernelGAN } from "../train/metakernelgan.js";
import { UsageError } from "./errors.js";
import type { EstimationMethodName } from "./estimation-methods.js";
import { readStartWeights } from "./start-weights.js";
import type { ReadWeights } from "./weights-files.js";

/** A method with what it has to read. */
export interface Estimator {
  readonly method: EstimationMethodName;
  /** KernelGAN has none. */
  readonly weights: ReadWeights | undefined;
  create(engine: Engine): KernelEstimator;
}

/**
 * Reads what a method needs.
 * @param weights a file that was asked for instead of the package's own.
 * @param option what that file is called on the command line.
 * @throws {UsageError} if the method has no use for it.
 * @throws {InputError} if it cannot be read or is not a start of MetaKernelGAN.
 */
export async function readEstimator(
  method: EstimationMethodName,
  weights?: string,
  option = "--weights",
): Promise<Estimator> {
  if (method === "kernelgan") {
    if (weights !== undefined) {
      throw new UsageError(`KernelGAN starts at random, so ${option} does not go with --method kernelgan.`);
    }
    return { method, weights: undefined, create: (engine) => new KernelGAN(engine) };
  }
  const start = await readStartWeights(weights, method);
  return {
    method,
    weights: start,
    create: (engine) => MetaKernelGAN.load(engine, start.file),
  };
}
