import type { Engine } from "../../engine/engine.js";
import type { RgbImage } from "../../image/rgb-image.js";
import { type GanWeights, ganWeights, randomGanWeights } from "../../model/gan/gan-weights.js";
import { parseSafetensors } from "../../weights/safetensors.js";
import type { WeightFile } from "../../weights/weight-file.js";
import { type Estimate, type EstimateOptions, estimateKernel } from "../adaptation/estimate.js";
import { type InnerLoop, innerLoopOf } from "./inner-loop.js";
import { recordMetaKernelGanStep } from "./metakernelgan-step.js";

/** Estimates the blur kernel of a photo by adapting a small GAN to it (Lee et al., WACV 2024). */
export class MetaKernelGAN {
  private constructor(
    private readonly engine: Engine,
    private readonly weights: GanWeights | undefined,
    private readonly innerLoop: InnerLoop,
  ) {}

  /**
   * @param weights a meta-learned start: the bytes of a `.safetensors` file, or what was parsed of one. Without it every
   * estimate starts at random, as KernelGAN does, and needs thousands of steps.
   * @throws {WeightsError} if the file is damaged or is not a start of this network.
   */
  static load(engine: Engine, weights?: Uint8Array | WeightFile): MetaKernelGAN {
    const file = weights instanceof Uint8Array ? parseSafetensors(weights) : weights;
    return new MetaKernelGAN(engine, file && ganWeights(file), innerLoopOf(file?.metadata ?? {}));
  }

  /**
   * Estimates the blur kernel of an image of at least 16×16 pixels. The same seed on the same adapter gives the same
   * kernel to the bit.
   * @throws {ImageError} if the image is too small, has no detail, or a given patch does not lie within it.
   * @throws {RangeError} if an option is out of range.
   * @throws {NumericalError} if the adaptation diverges.
   * @throws the signal's reason if it is aborted.
   */
  estimate(image: RgbImage, options: EstimateOptions = {}): Promise<Estimate> {
    const start = (seed: number): GanWeights => this.weights ?? randomGanWeights(seed);
    return estimateKernel(
      this.engine,
      { steps: 200, start, recordStep: recordMetaKernelGanStep(this.innerLoop) },
      image,
      options,
    );
  }
}
