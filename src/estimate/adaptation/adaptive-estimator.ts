import type { Engine } from "../../engine/device/engine.js";
import { DISPOSE, Lifetime } from "../../engine/disposal.js";
import type { RgbImage } from "../../image/rgb-image.js";
import type { KernelEstimate, KernelEstimator } from "../kernel-estimator.js";
import type { MethodName } from "../methods/methods.js";
import {
  type AdaptationOptions,
  type AdaptiveEstimate,
  type AdaptiveMethod,
  adaptToImage,
} from "./estimate.js";

/** An estimator that adapts a generator and a discriminator to each photo, step by step. */
export abstract class AdaptiveEstimator implements KernelEstimator<AdaptiveEstimate> {
  readonly scales = [2, 4] as const;
  private readonly lifetime = new Lifetime("estimator");

  /** @internal */
  protected constructor(
    readonly method: MethodName,
    private readonly engine: Engine,
    private readonly adaptation: AdaptiveMethod,
  ) {}

  /**
   * Estimates the blur kernel of a photo of at least 16×16 pixels. The same seed on the same adapter gives the same
   * kernel to the bit.
   * @throws {ImageError} if the photo is too small or has no detail, or if a given patch lies outside it.
   * @throws {EstimateError} if an option is out of its range.
   * @throws {NumericalError} if the adaptation diverges.
   * @throws the signal's reason if it is aborted.
   */
  async estimate(image: RgbImage, options: AdaptationOptions = {}): Promise<AdaptiveEstimate> {
    this.lifetime.check();
    return adaptToImage(this.engine, this.adaptation, image, options);
  }

  /** Ends the estimator's use: it holds no GPU memory between two estimates. */
  dispose(): void {
    this.lifetime.end();
  }

  [DISPOSE](): void {
    this.dispose();
  }
}

/** Whether an estimate comes from an adaptation, and so has a kernel for each step. */
export function isAdaptive(estimate: KernelEstimate): estimate is AdaptiveEstimate {
  return "kernels" in estimate;
}
