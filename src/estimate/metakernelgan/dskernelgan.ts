import type { Engine } from "../../engine/device/engine.js";
import type { WeightFile } from "../../weights/weight-file.js";
import { AdaptiveEstimator } from "../adaptation/adaptive-estimator.js";
import { trainedGan } from "./trained-gan.js";

/** MetaKernelGAN's baseline: the same adaptation from weights that were trained without an inner loop. */
export class DSKernelGAN extends AdaptiveEstimator {
  /**
   * @param weights the trained initialization: the bytes of a `.safetensors` file, or a parsed one.
   * @throws {WeightsError} if the file is damaged or of another network.
   */
  static async load(engine: Engine, weights: Uint8Array | WeightFile): Promise<DSKernelGAN> {
    return new DSKernelGAN("dataset", engine, trainedGan(weights));
  }
}
