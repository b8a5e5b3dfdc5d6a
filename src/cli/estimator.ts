import type { Engine } from "../engine/engine.js";
import type { KernelEstimator } from "../train/evaluation.js";
import { KernelGAN } from "../train/kernelgan/kernelgan.js";
import { MetaKernelGAN } from "../train/metakernelgan.js";
import { UsageError } from "./errors.js";
import type { EstimationMethodName } from "./estimation-methods.js";
import { readStartWeights, type StartWeights } from "./start-weights.js";

/** A method with what it has to read. */
export interface Estimator {
  readonly method: EstimationMethodName;
  /** KernelGAN has none. */
  readonly weights: StartWeights | undefined;
  create(engine: Engine): KernelEstimator;
}

/**
 * Reads what a method needs.
 * @param weights a file that was asked for instead of the package's own.
 * @throws {UsageError} if the method has no use for it.
 * @throws {InputError} if it cannot be read or is not a start of MetaKernelGAN.
 */
export async function readEstimator(method: EstimationMethodName, weights?: string): Promise<Estimator> {
  if (method === "kernelgan") {
    if (weights !== undefined) {
      throw new UsageError("KernelGAN starts at random, so --weights does not go with --method kernelgan.");
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

/** Which start an estimate had, for JSON. */
export function weightsJson(weights: StartWeights | undefined): Record<string, unknown> | null {
  return weights ? { path: weights.path, metadata: weights.file.metadata } : null;
}
