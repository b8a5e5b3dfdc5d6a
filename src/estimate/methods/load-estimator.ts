import type { Engine } from "../../engine/engine.js";
import { WeightsError } from "../../weights/errors.js";
import type { WeightFile } from "../../weights/weight-file.js";
import type { KernelEstimator } from "../kernel-estimator.js";
import { KernelGAN } from "../kernelgan/kernelgan.js";
import { DSKernelGAN } from "../metakernelgan/dskernelgan.js";
import { MetaKernelGAN } from "../metakernelgan/metakernelgan.js";
import { SpectralEstimator } from "../spectral/spectral-estimator.js";
import type { MethodName } from "./methods.js";

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
