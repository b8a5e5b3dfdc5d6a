import type { Engine } from "../engine/device/engine.js";
import type { KernelEstimator } from "../estimate/kernel-estimator.js";
import { KernelGAN } from "../estimate/kernelgan/kernelgan.js";
import { DSKernelGAN } from "../estimate/metakernelgan/dskernelgan.js";
import { MetaKernelGAN } from "../estimate/metakernelgan/metakernelgan.js";
import type { MethodName } from "../estimate/methods/methods.js";
import { SpectralEstimator } from "../estimate/spectral/spectral-estimator.js";
import { WeightsError } from "../weights/errors.js";
import type { WeightFile } from "../weights/weight-file.js";

/**
 * Loads the estimator of a method.
 * @param weights the method's weights; KernelGAN has none.
 * @throws {WeightsError} if the weights are missing, damaged or another network's.
 */
export async function loadEstimator(
  method: MethodName,
  engine: Engine,
  weights: Uint8Array | WeightFile | undefined,
): Promise<KernelEstimator> {
  if (method === "kernelgan") return KernelGAN.load(engine);
  if (!weights) throw new WeightsError(`The method ${method} needs weights; give its .safetensors file.`);
  if (method === "spectral") return SpectralEstimator.load(engine, weights);
  return method === "meta" ? MetaKernelGAN.load(engine, weights) : DSKernelGAN.load(engine, weights);
}
