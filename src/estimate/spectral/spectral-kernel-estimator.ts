import type { RgbImage } from "../../image/rgb-image.js";
import type { Estimate, EstimateOptions } from "../adaptation/estimate.js";
import type { SpectralEstimator } from "./spectral-estimator.js";

/** The spectral estimator where a method that takes steps is expected. */
export class SpectralKernelEstimator {
  constructor(private readonly estimator: SpectralEstimator) {}

  /**
   * @throws {ImageError} if the image is smaller than 32×32.
   * @throws {RangeError} if steps are asked for, or another scale than the estimator's.
   * @throws the signal's reason if it is aborted.
   */
  async estimate(image: RgbImage, options: EstimateOptions): Promise<Estimate> {
    const { scale = 2, steps = 0, seed = 0, signal, onStart, onProgress } = options;
    if (steps !== 0) throw new RangeError(`An estimate from the spectrum takes no steps; got ${steps}.`);
    if (scale !== this.estimator.scale) {
      throw new RangeError(`This spectral estimator is for ×${this.estimator.scale}, not ×${scale}.`);
    }
    signal?.throwIfAborted();
    onStart?.();
    const spectral = await this.estimator.estimate(image);
    signal?.throwIfAborted();
    onProgress?.(0);
    const { kernel } = spectral;
    return { kernel, kernels: [kernel], losses: [], patches: [], steps, seed, scale, spectral };
  }
}
