import type { Engine } from "../../engine/device/engine.js";
import type { WeightFile } from "../../weights/weight-file.js";
import { AdaptiveEstimator } from "../adaptation/adaptive-estimator.js";
import { trainedGan } from "./trained-gan.js";

/** Estimates the blur kernel of a photo by adapting a small meta-trained GAN to it (Lee et al., WACV 2024). */
export class MetaKernelGAN extends AdaptiveEstimator {
  /**
   * @param weights a meta-trained initialization: the bytes of a `.safetensors` file, or a parsed one. With "random" every
   * estimate begins with random weights, and needs thousands of steps.
   * @throws {WeightsError} if there are none, or the file is damaged or of another network.
   */
  static async load(engine: Engine, weights: Uint8Array | WeightFile | "random"): Promise<MetaKernelGAN> {
    return new MetaKernelGAN("meta", engine, trainedGan(weights));
  }
}
