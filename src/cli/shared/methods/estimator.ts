import type { KernelEstimator } from "../../../benchmark/kernel-evaluation.js";
import type { Engine } from "../../../engine/engine.js";
import { HybridEstimator } from "../../../estimate/hybrid/hybrid-estimator.js";
import { KernelGAN } from "../../../estimate/kernelgan/kernelgan.js";
import { MetaKernelGAN } from "../../../estimate/metakernelgan/metakernelgan.js";
import { SpectralEstimator } from "../../../estimate/spectral/spectral-estimator.js";
import { SpectralKernelEstimator } from "../../../estimate/spectral/spectral-kernel-estimator.js";
import { UsageError } from "../errors.js";
import { readStartWeights } from "../weights/initial-weights.js";
import { readSpectralWeights } from "../weights/spectral-weights-files.js";
import type { ReadWeights } from "../weights/weights-files.js";
import type { EstimationMethodName } from "./estimation-methods.js";

/** A method with what it has to read. */
export interface Estimator {
  readonly method: EstimationMethodName;
  /** KernelGAN has none. */
  readonly weights: ReadWeights | undefined;
  create(engine: Engine): Promise<KernelEstimator>;
}

/** Options of {@link readEstimator}. */
export interface EstimatorOptions {
  readonly method: EstimationMethodName;
  readonly scale: 2 | 4;
  /** A file that was asked for instead of the package's own. */
  readonly weights?: string;
  /** What that file is called on the command line; `--weights` unless given. */
  readonly option?: string;
}

/**
 * Reads what a method needs.
 * @throws {UsageError} if the method has no use for the weights.
 * @throws {InputError} if they cannot be read, or are another network's.
 */
export async function readEstimator({
  method,
  scale,
  weights: asked,
  option = "--weights",
}: EstimatorOptions): Promise<Estimator> {
  if (method === "kernelgan") {
    if (asked !== undefined) {
      throw new UsageError(`KernelGAN starts at random, so ${option} does not go with --method kernelgan.`);
    }
    return { method, weights: undefined, create: async (engine) => new KernelGAN(engine) };
  }
  if (method === "spectral") {
    const weights = await readSpectralWeights(scale, asked);
    const create = async (engine: Engine): Promise<KernelEstimator> =>
      new SpectralKernelEstimator(await SpectralEstimator.load(engine, weights.file));
    return { method, weights, create };
  }
  const start = await readStartWeights(asked, method === "dataset" ? "dataset" : "meta");
  if (method !== "hybrid") {
    return { method, weights: start, create: async (engine) => MetaKernelGAN.load(engine, start.file) };
  }
  const spectral = await readSpectralWeights(scale);
  const create = async (engine: Engine): Promise<KernelEstimator> =>
    HybridEstimator.load(engine, start.file, spectral.file);
  return { method, weights: start, create };
}
