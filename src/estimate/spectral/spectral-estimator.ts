import type { Engine } from "../../engine/engine.js";
import type { Program } from "../../engine/recording/program.js";
import { Tape } from "../../engine/recording/tape.js";
import type { Tensor } from "../../engine/tensors/tensor.js";
import type { RgbImage } from "../../image/rgb-image.js";
import type { BlurKernel } from "../../kernel/blur-kernel.js";
import { covarianceKernel, KERNEL_VARIANCES } from "../../kernel/families/covariance-kernel.js";
import { clampedCovariance } from "../../kernel/families/principal-axes.js";
import { x4Kernel } from "../../kernel/families/x4-kernel.js";
import { FEATURES, writeFeatures } from "../../model/spectral/features.js";
import { SpectralNetwork } from "../../model/spectral/spectral-network.js";
import { spectralWeights } from "../../model/spectral/spectral-weights.js";
import { SpectrumAnalyzer } from "../../model/spectral/spectrum-analyzer.js";
import { SYMMETRIES } from "../../model/spectral/symmetries.js";
import { readingOf, type SpectralReading } from "../../model/spectral/targets.js";
import { parseSafetensors } from "../../weights/safetensors.js";
import type { WeightFile } from "../../weights/weight-file.js";

/** What an image's spectrum says of its blur. */
export interface SpectralEstimate extends SpectralReading {
  /** A Gaussian of that covariance, 11×11 for ×2; for ×4 the 21×21 kernel that follows from it. */
  readonly kernel: BlurKernel<"correlation">;
  /** The 11×11 kernel for ×2: itself, or what that for ×4 follows from. */
  readonly x2Kernel: BlurKernel<"correlation">;
  readonly scale: 2 | 4;
}

/**
 * Estimates the blur kernel of a photo, and its noise, in milliseconds: from how its power is spread over the frequencies, by a small
 * network that has learnt how photographs look. It sees which way a blur leans, but takes every blur for a Gaussian.
 */
export class SpectralEstimator {
  private constructor(
    private readonly engine: Engine,
    private readonly analyzer: SpectrumAnalyzer,
    private readonly network: SpectralNetwork,
    private readonly program: Program,
    private readonly features: Tensor,
    private readonly output: Tensor,
    /** The factor by which the images are to be upscaled. */
    readonly scale: 2 | 4,
  ) {}

  /**
   * @param weights the bytes of a `.safetensors` file, or what was parsed of one; it says which scale it is for.
   * @throws {WeightsError} if the file is damaged or is not of this network.
   */
  static async load(engine: Engine, weights: Uint8Array | WeightFile): Promise<SpectralEstimator> {
    const { scale, values } = spectralWeights(
      weights instanceof Uint8Array ? parseSafetensors(weights) : weights,
    );
    const network = new SpectralNetwork(engine, values);
    const tape = new Tape(engine, false);
    const features = tape.tensor([1, FEATURES, SYMMETRIES.length], "features");
    const output = network.forward(tape, features);
    const [analyzer, program] = await Promise.all([SpectrumAnalyzer.create(engine), tape.finish()]);
    return new SpectralEstimator(engine, analyzer, network, program, features, output, scale);
  }

  /**
   * Estimates the blur of an image of at least 32×32 pixels. Calls may overlap.
   * @throws {ImageError} if it is smaller.
   */
  async estimate(image: RgbImage): Promise<SpectralEstimate> {
    const spectrum = await this.analyzer.analyze(image);
    const count = SYMMETRIES.length;
    const features = new Float32Array(this.features.size);
    SYMMETRIES.forEach((symmetry, column) => {
      writeFeatures(spectrum, symmetry, features, column, count);
    });
    this.engine.write(this.features, features);
    this.program.run();
    const rows = await this.engine.read(this.output);
    const readings = SYMMETRIES.map(({ turn }, column): SpectralReading => {
      const reading = readingOf(Array.from(rows).filter((_, i) => i % count === column));
      return { ...reading, covariance: turn(reading.covariance) };
    });
    const mean = (value: (reading: SpectralReading) => number): number =>
      readings.reduce((sum, reading) => sum + value(reading), 0) / count;
    const covariance = clampedCovariance(
      {
        xx: mean((reading) => reading.covariance.xx),
        xy: mean((reading) => reading.covariance.xy),
        yy: mean((reading) => reading.covariance.yy),
      },
      KERNEL_VARIANCES,
    );
    const x2Kernel = covarianceKernel(covariance);
    return {
      kernel: this.scale === 2 ? x2Kernel : x4Kernel(x2Kernel),
      x2Kernel,
      scale: this.scale,
      covariance,
      noise: mean(({ noise }) => noise),
      nonGaussianity: mean(({ nonGaussianity }) => nonGaussianity),
      error: mean(({ error }) => error),
    };
  }

  dispose(): void {
    this.program.dispose();
    this.analyzer.dispose();
    this.engine.free(this.network.parameters.whole);
  }
}
