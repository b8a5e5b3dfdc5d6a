import type { Engine } from "../../engine/engine.js";
import type { RgbImage } from "../../image/rgb-image.js";
import { type GanWeights, ganWeights } from "../../model/gan/gan-weights.js";
import { parseSafetensors } from "../../weights/safetensors.js";
import type { WeightFile } from "../../weights/weight-file.js";
import { type Estimate, type EstimateOptions, estimateKernel } from "../adaptation/estimate.js";
import { type InnerLoop, innerLoopOf } from "../metakernelgan/inner-loop.js";
import { recordAnchoredStep } from "../metakernelgan/metakernelgan-step.js";
import { SpectralEstimator } from "../spectral/spectral-estimator.js";

const STEPS = 200;

/**
 * What Σ |k − spectral kernel| costs in the generator's objective where the spectral estimate's likely K-COV is 1; it costs the
 * more, the smaller that is.
 */
const WEIGHT = 0.3;

/** No estimate is taken for better than this, in square pixels of K-COV. */
const MIN_ERROR = 0.2;

/**
 * MetaKernelGAN's adaptation with its kernel held near the one that the image's spectrum gives, the more firmly the surer that
 * is. What it gains and loses: docs/accuracy.md.
 */
export class HybridEstimator {
  private constructor(
    private readonly engine: Engine,
    private readonly weights: GanWeights,
    private readonly innerLoop: InnerLoop,
    private readonly spectral: SpectralEstimator,
  ) {}

  /**
   * @param start a meta-learned start, the bytes of a `.safetensors` file, or what was parsed of one.
   * @param spectral weights of the spectral network, likewise; they say for which scale the estimates are.
   * @throws {WeightsError} if one of them is damaged or of another network.
   */
  static async load(
    engine: Engine,
    start: Uint8Array | WeightFile,
    spectral: Uint8Array | WeightFile,
  ): Promise<HybridEstimator> {
    const file = start instanceof Uint8Array ? parseSafetensors(start) : start;
    const estimator = await SpectralEstimator.load(engine, spectral);
    return new HybridEstimator(engine, ganWeights(file), innerLoopOf(file.metadata), estimator);
  }

  /**
   * Estimates the blur kernel of an image of at least 32×32 pixels.
   * @throws {ImageError} if it is smaller, or as {@link estimateKernel} does.
   * @throws {RangeError} if the scale is not that of the spectral weights.
   */
  async estimate(image: RgbImage, options: EstimateOptions = {}): Promise<Estimate> {
    const { scale = 2 } = options;
    if (scale !== this.spectral.scale) {
      throw new RangeError(`This hybrid estimator is for ×${this.spectral.scale}, not ×${scale}.`);
    }
    const spectral = await this.spectral.estimate(image);
    const weight = WEIGHT / Math.max(spectral.error, MIN_ERROR);
    const recordStep = recordAnchoredStep(this.innerLoop, spectral.x2Kernel.values, weight);
    const method = { steps: STEPS, start: () => this.weights, recordStep };
    return { ...(await estimateKernel(this.engine, method, image, options)), spectral };
  }

  dispose(): void {
    this.spectral.dispose();
  }
}
