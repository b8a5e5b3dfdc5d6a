import { abortable } from "../../engine/abortable.js";
import { DISPOSE, freeOnFailure } from "../../engine/disposal.js";
import type { Engine } from "../../engine/engine.js";
import type { Program } from "../../engine/recording/program.js";
import { Tape } from "../../engine/recording/tape.js";
import type { Parameters } from "../../engine/tensors/parameters.js";
import type { Tensor } from "../../engine/tensors/tensor.js";
import type { RgbImage } from "../../image/rgb-image.js";
import type { BlurKernel } from "../../kernel/blur-kernel.js";
import { x4Kernel } from "../../kernel/families/x4-kernel.js";
import type { KernelUncertainty } from "../../kernel/kernel-uncertainty.js";
import type { Covariance } from "../../kernel/metrics/kernel-metrics.js";
import { COLOR_WINDOW, colorSpectra } from "../../model/spectral/color-spectra.js";
import { FEATURES, PHOTO_FEATURES, turnedFeatures } from "../../model/spectral/features.js";
import { jpegNumbers } from "../../model/spectral/jpeg-grid.js";
import { SpectralNetwork } from "../../model/spectral/spectral-network.js";
import { spectralWeights } from "../../model/spectral/spectral-weights.js";
import { SpectrumAnalyzer } from "../../model/spectral/spectrum-analyzer.js";
import { SYMMETRIES } from "../../model/spectral/symmetries.js";
import { averageReading, type SpectralReading } from "../../model/spectral/targets.js";
import { WholeKernelNetwork } from "../../model/spectral/whole-kernel-network.js";
import { type WholeReading, wholeReadingOf } from "../../model/spectral/whole-reading.js";
import { toWeightFile } from "../../weights/safetensors.js";
import type { WeightFile } from "../../weights/weight-file.js";
import { EstimateError } from "../errors.js";
import type { EstimateOptions, KernelEstimate, KernelEstimator } from "../kernel-estimator.js";
import { gaussianOf, shapeError, wholeKernel } from "./kernels.js";

/** What kind of picture a photo's spectrum shows. */
export interface PhotoKind {
  /** Probability that a camera took it: that neighboring pixels share noise. */
  readonly camera: number;
  /** Probability that it went through JPEG. */
  readonly compressed: number;
  /** Quality of the JPEG, 0 to 100, if it went through one. */
  readonly quality: number;
  /** Probability that the blur is one of the paper's Gaussians. */
  readonly gaussian: number;
  /** Standard deviation of the brightness's noise, in 255ths. */
  readonly brightnessNoise: number;
}

/** A blur kernel and the noise, read off a photo's power spectrum. */
export interface SpectralEstimate extends KernelEstimate {
  /** The ×2 kernel; for ×4 the 21×21 kernel that follows from it. */
  readonly kernel: BlurKernel<"correlation">;
  /**
   * 11×11 to 31×31 for ×2: as large as the blur. A spectrum has no phase, so the kernel is the same turned by 180°. With
   * weights that have no second network it is the 11×11 Gaussian with the covariance.
   */
  readonly x2Kernel: BlurKernel<"correlation">;
  /** How far the blur is likely to be from a Gaussian: root of the sum of squared differences of the ×2 kernel. */
  readonly nonGaussianity: number;
  /** Absent if the weights have no second network. */
  readonly kind?: PhotoKind;
  /** Covariance of the ×2 kernel, in square pixels of the high-resolution grid. */
  readonly covariance: Covariance;
  readonly noise: number;
  /** The likely error is that of the ×2 kernel. */
  readonly uncertainty: KernelUncertainty;
}

/** The networks on the device, for the four symmetries of a photo. */
interface Networks {
  readonly program: Program;
  /** Of the first network alone, or of both. */
  readonly features: Tensor;
  readonly first: Tensor;
  /** Absent if the weights have no second network. */
  readonly second?: Tensor;
  /** Measures color differences; absent without a second network, too. */
  readonly colors?: SpectrumAnalyzer;
  readonly parameters: readonly Parameters[];
}

/**
 * Estimates a photo's blur kernel and noise in milliseconds: two small trained networks read them off the power spectrum. The
 * first reads a Gaussian, the second corrects it and reads the whole kernel.
 */
export class SpectralEstimator implements KernelEstimator<SpectralEstimate> {
  readonly method = "spectral";
  readonly scales: readonly [2 | 4];

  private constructor(
    private readonly engine: Engine,
    private readonly analyzer: SpectrumAnalyzer,
    private readonly networks: Networks,
    /** The only scale for which it can estimate: that of its weights. */
    readonly scale: 2 | 4,
  ) {
    this.scales = [scale];
  }

  /**
   * @param weights the bytes of a `.safetensors` file, or a parsed one; its metadata names the scale.
   * @throws {WeightsError} if the file is damaged or of another network.
   */
  static load(engine: Engine, weights: Uint8Array | WeightFile): Promise<SpectralEstimator> {
    return freeOnFailure(async (own) => {
      const { scale, values, whole } = spectralWeights(toWeightFile(weights));
      const network = new SpectralNetwork(engine, values);
      own(network.parameters);
      const wholeNetwork = whole && new WholeKernelNetwork(engine, whole);
      if (wholeNetwork) own(wholeNetwork.parameters);
      const tape = own(new Tape(engine, false));
      const count = SYMMETRIES.length;
      const features = tape.tensor([1, whole ? PHOTO_FEATURES : FEATURES, count], "features");
      const first = network.forward(tape, features.view(0, [1, FEATURES, count]));
      const second = wholeNetwork?.forward(tape, features, first);
      const analyzer = own(await SpectrumAnalyzer.create(engine));
      const colors = whole && own(await SpectrumAnalyzer.create(engine, COLOR_WINDOW));
      const program = await tape.finish();
      const parameters = [network, wholeNetwork].flatMap((each) => each?.parameters ?? []);
      return new SpectralEstimator(
        engine,
        analyzer,
        { program, features, first, second, colors, parameters },
        scale,
      );
    });
  }

  /**
   * Estimates the blur of a photo of at least 32×32 pixels. Calls may overlap. The estimate does not depend on the seed.
   * @throws {ImageError} if the photo is smaller.
   * @throws {EstimateError} if steps are asked for, or another scale than that of the weights.
   * @throws the signal's reason if it is aborted.
   */
  async estimate(image: RgbImage, options: EstimateOptions = {}): Promise<SpectralEstimate> {
    const { scale = this.scale, steps = 0, signal, onProgress } = options;
    if (steps !== 0) throw new EstimateError(`The spectral estimator takes no steps; got ${steps}.`);
    if (scale !== this.scale) {
      throw new EstimateError(`These spectral weights are for ×${this.scale}; got the scale ${scale}.`);
    }
    signal?.throwIfAborted();
    onProgress?.({ phase: "kernel", done: 0, total: 0 });
    return this.toEstimate(await abortable(this.read(image), signal));
  }

  /** Runs the networks on the four symmetries of the photo. */
  private async read(image: RgbImage): Promise<SpectralReading | WholeReading> {
    const spectrum = await this.analyzer.analyze(image);
    const { features, first, second, colors, program } = this.networks;
    const extra = colors
      ? [await colorSpectra(colors, image, spectrum), jpegNumbers(image, spectrum.corners)]
      : [];
    this.engine.write(features, turnedFeatures(spectrum, extra));
    program.run();
    if (!second) return averageReading(await this.engine.read(first));
    const [ofFirst, ofSecond] = await Promise.all([this.engine.read(first), this.engine.read(second)]);
    return wholeReadingOf(ofFirst, ofSecond);
  }

  private toEstimate(reading: SpectralReading | WholeReading): SpectralEstimate {
    const { noise, error, nonGaussianity } = reading;
    const { covariance, x2Kernel } = "kernel" in reading ? wholeKernel(reading) : gaussianOf(reading);
    return {
      kernel: this.scale === 2 ? x2Kernel : x4Kernel(x2Kernel),
      x2Kernel,
      scale: this.scale,
      covariance,
      noise,
      nonGaussianity,
      uncertainty: { error, nonGaussianity: "kernel" in reading ? shapeError(reading) : nonGaussianity },
      ...("kernel" in reading ? { kind: reading } : {}),
    };
  }

  /** Frees the weights and the buffers. */
  dispose(): void {
    this.networks.program.dispose();
    this.analyzer.dispose();
    this.networks.colors?.dispose();
    for (const parameters of this.networks.parameters) parameters.dispose();
  }

  [DISPOSE](): void {
    this.dispose();
  }
}
