import type { Engine } from "../../engine/engine.js";
import type { RgbImage } from "../../image/rgb-image.js";
import { randomGanWeights } from "../../model/gan/gan-weights.js";
import { type Estimate, type EstimateOptions, estimateKernel } from "../adaptation/estimate.js";
import { recordKernelGanStep } from "./kernelgan-step.js";
import { suppressSmall } from "./suppress-small.js";

const METHOD = {
  steps: 3000,
  start: randomGanWeights,
  recordStep: recordKernelGanStep,
  finish: suppressSmall,
};

/**
 * The older baseline: a GAN that learns an image's blur from nothing (Bell-Kligler et al., NeurIPS 2019), with the
 * networks of MetaKernelGAN, so with kernels of 11×11 instead of 13×13.
 */
export class KernelGAN {
  constructor(private readonly engine: Engine) {}

  /**
   * Estimates the blur kernel of an image of at least 16×16 pixels, in 3000 steps unless others are asked for. The same
   * seed on the same adapter gives the same kernel to the bit.
   * @throws as {@link estimateKernel}.
   */
  estimate(image: RgbImage, options: EstimateOptions = {}): Promise<Estimate> {
    return estimateKernel(this.engine, METHOD, image, options);
  }
}
