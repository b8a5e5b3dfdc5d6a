import { DISPOSE } from "../../engine/disposal.js";
import type { Engine } from "../../engine/engine.js";
import type { Program } from "../../engine/recording/program.js";
import { Tape } from "../../engine/recording/tape.js";
import type { Tensor } from "../../engine/tensors/tensor.js";
import { isGray } from "../../image/gray.js";
import { brightLevel, multiplied } from "../../image/levels.js";
import { mean } from "../../image/metrics/mean.js";
import type { RgbImage } from "../../image/rgb-image.js";
import type { BlurKernel } from "../../kernel/blur-kernel.js";
import { covarianceKernel, KERNEL_VARIANCES } from "../../kernel/families/covariance-kernel.js";
import { clampedCovariance } from "../../kernel/families/principal-axes.js";
import { x4Kernel } from "../../kernel/families/x4-kernel.js";
import type { KernelUncertainty } from "../../kernel/kernel-uncertainty.js";
import type { Covariance } from "../../kernel/metrics/kernel-metrics.js";
import { FEATURES, writeFeatures } from "../../model/spectral/features.js";
import { SpectralNetwork } from "../../model/spectral/spectral-network.js";
import { spectralWeights } from "../../model/spectral/spectral-weights.js";
import { SpectrumAnalyzer } from "../../model/spectral/spectrum-analyzer.js";
import { SYMMETRIES } from "../../model/spectral/symmetries.js";
import { readingOf, type SpectralReading } from "../../model/spectral/targets.js";
import { toWeightFile } from "../../weights/safetensors.js";
import type { WeightFile } from "../../weights/weight-file.js";
import { EstimateError } from "../errors.js";
import type { EstimateOptions, KernelEstimate, KernelEstimator } from "../kernel-estimator.js";

/** A blur kernel and the noise, read off a photo's power spectrum. */
export interface SpectralEstimate extends KernelEstimate {
  /** A Gaussian with the covariance, 11×11 for ×2; for ×4 the 21×21 kernel that follows from it. */
  readonly kernel: BlurKernel<"correlation">;
  /** The 11×11 Gaussian for ×2. */
  readonly x2Kernel: BlurKernel<"correlation">;
  /** Covariance of the ×2 kernel, in square pixels of the high-resolution grid. */
  readonly covariance: Covariance;
  readonly noise: number;
  /** The likely error is that of the ×2 kernel. */
  readonly uncertainty: KernelUncertainty;
}

/**
 * Noise of a gray image by what its brightness shows. The network was trained on colors, whose noises are independent: their
 * brightness has less of it.
 */
const GRAY_NOISE = Math.hypot(0.299, 0.587, 0.114);

/**
 * Estimates a photo's blur kernel and noise in milliseconds: a small trained network reads them off the power spectrum. It
 * sees in which direction a blur is longest, but models every blur as a Gaussian.
 */
export class SpectralEstimator implements KernelEstimator<SpectralEstimate> {
  readonly method = "spectral";
  readonly scales: readonly [2 | 4];

  private constructor(
    private readonly engine: Engine,
    private readonly analyzer: SpectrumAnalyzer,
    private readonly network: SpectralNetwork,
    private readonly program: Program,
    private readonly features: Tensor,
    private readonly output: Tensor,
    /** The only scale for which it can estimate: that of its weights. */
    readonly scale: 2 | 4,
  ) {
    this.scales = [scale];
  }

  /**
   * @param weights the bytes of a `.safetensors` file, or a parsed one; its metadata names the scale.
   * @throws {WeightsError} if the file is damaged or of another network.
   */
  static async load(engine: Engine, weights: Uint8Array | WeightFile): Promise<SpectralEstimator> {
    const { scale, values } = spectralWeights(toWeightFile(weights));
    const network = new SpectralNetwork(engine, values);
    const tape = new Tape(engine, false);
    const features = tape.tensor([1, FEATURES, SYMMETRIES.length], "features");
    const output = network.forward(tape, features);
    const [analyzer, program] = await Promise.all([SpectrumAnalyzer.create(engine), tape.finish()]);
    return new SpectralEstimator(engine, analyzer, network, program, features, output, scale);
  }

  /**
   * Estimates the blur of a photo of at least 32×32 pixels. Calls may overlap. The estimate does not depend on the seed.
   * @throws {ImageError} if the photo is smaller.
   * @throws {EstimateError} if steps are asked for, or another scale than that of the weights.
   * @throws the signal's reason if it is aborted.
   */
  async estimate(image: RgbImage, options: EstimateOptions = {}): Promise<SpectralEstimate> {
    const { scale = this.scale, steps = 0, alpha, signal, onProgress } = options;
    if (steps !== 0) throw new EstimateError(`The spectral estimator takes no steps; got ${steps}.`);
    if (scale !== this.scale) {
      throw new EstimateError(`These spectral weights are for ×${this.scale}; got the scale ${scale}.`);
    }
    signal?.throwIfAborted();
    onProgress?.({ phase: "kernel", done: 0, total: 0 });
    // The network was trained on photos of the usual range.
    const gain = 1 / brightLevel(image);
    const readings = await this.read(multiplied(image, gain), alpha);
    const estimate = this.toEstimate(readings, (isGray(image) ? GRAY_NOISE : 1) / gain);
    signal?.throwIfAborted();
    return estimate;
  }

  /** Runs the network on the four symmetries of the spectrum, and maps the results back. */
  private async read(image: RgbImage, alpha: Float32Array | undefined): Promise<SpectralReading[]> {
    const spectrum = await this.analyzer.analyze(image, alpha);
    const count = SYMMETRIES.length;
    const features = new Float32Array(this.features.size);
    SYMMETRIES.forEach((symmetry, column) => {
      writeFeatures(spectrum, symmetry, features, column, count);
    });
    this.engine.write(this.features, features);
    this.program.run();
    const output = await this.engine.read(this.output);
    return SYMMETRIES.map(({ turn }, column) => {
      const rows = Array.from({ length: output.length / count }, (_, row) => output[row * count + column]);
      const reading = readingOf(rows);
      return { ...reading, covariance: turn(reading.covariance) };
    });
  }

  private toEstimate(readings: readonly SpectralReading[], noiseUnit: number): SpectralEstimate {
    const average = (value: (reading: SpectralReading) => number): number => mean(readings.map(value));
    const covariance = clampedCovariance(
      {
        xx: average((reading) => reading.covariance.xx),
        xy: average((reading) => reading.covariance.xy),
        yy: average((reading) => reading.covariance.yy),
      },
      KERNEL_VARIANCES,
    );
    const x2Kernel = covarianceKernel(covariance);
    return {
      kernel: this.scale === 2 ? x2Kernel : x4Kernel(x2Kernel),
      x2Kernel,
      scale: this.scale,
      covariance,
      noise: noiseUnit * average(({ noise }) => noise),
      uncertainty: {
        error: average(({ error }) => error),
        nonGaussianity: average(({ nonGaussianity }) => nonGaussianity),
      },
    };
  }

  /** Frees the weights and the buffers. */
  dispose(): void {
    this.program.dispose();
    this.analyzer.dispose();
    this.engine.free(this.network.parameters.whole);
  }

  [DISPOSE](): void {
    this.dispose();
  }
}
