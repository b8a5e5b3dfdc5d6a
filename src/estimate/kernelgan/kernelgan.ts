import type { Engine } from "../../engine/device/engine.js";
import { randomGanWeights } from "../../model/gan/gan-weights.js";
import { AdaptiveEstimator } from "../adaptation/adaptive-estimator.js";
import { KERNELGAN_STEPS } from "../methods/default-steps.js";
import { recordKernelGanStep } from "./kernelgan-step.js";
import { suppressSmall } from "./suppress-small.js";

/**
 * KernelGAN, the older baseline (Bell-Kligler et al., NeurIPS 2019): trains a GAN on each photo from random weights. It
 * has MetaKernelGAN's networks here, so its kernels are 11×11 instead of 13×13. It has no weights of its own.
 */
export class KernelGAN extends AdaptiveEstimator {
  /** Loads as the other estimators do; every estimate begins with random weights of its seed. */
  static async load(engine: Engine): Promise<KernelGAN> {
    return new KernelGAN("kernelgan", engine, {
      steps: KERNELGAN_STEPS,
      initialize: randomGanWeights,
      recordStep: recordKernelGanStep,
      finish: suppressSmall,
    });
  }
}
