import { abortable } from "../../engine/abortable.js";
import type { Engine } from "../../engine/device/engine.js";
import { DISPOSE, freeOnFailure, Lifetime } from "../../engine/disposal.js";
import { BRIGHTNESS_NOISE, isGray } from "../../image/gray.js";
import { brightLevel, multiplied, USUAL_MOST } from "../../image/light/levels.js";
import { assertHasDetail } from "../../image/patches/assert-has-detail.js";
import type { RgbImage } from "../../image/rgb-image.js";
import type { BlurKernel } from "../../kernel/blur-kernel.js";
import { covarianceKernel } from "../../kernel/families/covariance-kernel.js";
import { x4Kernel } from "../../kernel/families/x4-kernel.js";
import type { KernelUncertainty } from "../../kernel/kernel-uncertainty.js";
import { type Covariance, kernelCovariance } from "../../kernel/metrics/kernel-metrics.js";
import { COLOR_WINDOW, colorSpectra } from "../../model/spectral/color-spectra.js";
import { denseLayers } from "../../model/spectral/dense-layers.js";
import { turnedFeatures } from "../../model/spectral/features.js";
import { type SpectralWeights, spectralWeights } from "../../model/spectral/spectral-weights.js";
import { SpectrumAnalyzer } from "../../model/spectral/spectrum-analyzer.js";
import { averageReading, type SpectralReading } from "../../model/spectral/targets.js";
import { type PhotoKind, type WholeReading, wholeReadingOf } from "../../model/spectral/whole-reading.js";
import { toWeightFile } from "../../weights/safetensors.js";
import type { WeightFile } from "../../weights/weight-file.js";
import { checkOptions } from "../check-options.js";
import { EstimateError } from "../errors.js";
import type { EstimateOptions, KernelEstimate, KernelEstimator } from "../kernel-estimator.js";
import { kernelOf, mixedKernel } from "./kernels.js";
import { nearestEvenKernel } from "./nearest-even-kernel.js";

/**
 * In photos of fewer windows, some 180×180 pixels, the second network takes what is out of focus for a wide blur now and then, and too
 * wide a kernel does more harm than too narrow a one. There the first one's kernel is taken where the second one's variances, with one
 * square pixel for each axis to spare, are more than so many times as large, unless its kernel is within a relative distance of that of an even
 * motion or of a lens out of focus.
 */
const FEW_WINDOWS = 100;
const WIDER = 2;
const UNEVEN = 0.15;

/**
 * Variances of both axes together, in square pixels, beyond which a blur is read by the layers for wide ones, where it is probably
 * neither one of the paper's Gaussians nor a camera's, which these layers have not seen. The widest disks and motions of the
 * benchmarks of narrow blur have 9.
 */
const WIDE = 9;

/** A tensor that weights with a second network have. */
const SECOND = "whole1.bias";

/** A blur kernel and the noise, read off a photo's power spectrum. */
export interface SpectralEstimate extends KernelEstimate {
  /** The ×2 kernel; for ×4 the kernel that follows from it, 21×21 or larger. */
  readonly kernel: BlurKernel<"correlation">;
  /**
   * 11×11 to 31×31: as large as the blur. A spectrum has no phase, so the kernel is the same turned by 180°. One that is
   * close to the kernel of an even motion or of a lens out of focus is that kernel. With weights that have no second network it is
   * the 11×11 Gaussian with the covariance.
   */
  readonly x2Kernel: BlurKernel<"correlation">;
  /** How far the blur is likely to be from a Gaussian: root of the sum of squared differences of the ×2 kernel. */
  readonly nonGaussianity: number;
  /** Absent if the weights have no second network. */
  readonly photo?: PhotoKind;
  /** Covariance of the ×2 kernel, in square pixels of the high-resolution grid. */
  readonly covariance: Covariance;
  readonly noise: number;
  /** The likely error is that of the ×2 kernel. */
  readonly uncertainty: KernelUncertainty;
}

/** Of one network, of both, or of the first network's kernel with the second one's kind of photo. */
type Reading = SpectralReading & Partial<WholeReading>;

/**
 * Estimates a photo's blur kernel and noise in milliseconds: two small trained networks read them off the power spectrum. The
 * first reads a Gaussian, the second corrects it and reads the whole kernel.
 */
export class SpectralEstimator implements KernelEstimator<SpectralEstimate> {
  readonly method = "spectral";
  readonly scales: readonly [2 | 4];
  private readonly lifetime = new Lifetime("estimator");

  private constructor(
    private readonly analyzer: SpectrumAnalyzer,
    /** Measures color differences for the second network; undefined without one. */
    private readonly colors: SpectrumAnalyzer | undefined,
    private readonly weights: SpectralWeights,
  ) {
    this.scales = [weights.scale];
  }

  /** The only scale for which it can estimate: that of its weights. */
  get scale(): 2 | 4 {
    return this.weights.scale;
  }

  /**
   * @param weights the bytes of a `.safetensors` file, or a parsed one; its metadata names the scale.
   * @throws {WeightsError} if the file is damaged or of another network.
   */
  static load(engine: Engine, weights: Uint8Array | WeightFile): Promise<SpectralEstimator> {
    return freeOnFailure(async (own) => {
      const read = spectralWeights(toWeightFile(weights));
      const analyzer = own(await SpectrumAnalyzer.create(engine));
      const colors = read.values.has(SECOND)
        ? own(await SpectrumAnalyzer.create(engine, COLOR_WINDOW))
        : undefined;
      return new SpectralEstimator(analyzer, colors, read);
    });
  }

  /**
   * Estimates the blur of a photo of at least 32×32 pixels. Calls may overlap. The estimate does not depend on the seed.
   * @throws {ImageError} if the photo is smaller, or has no detail.
   * @throws {EstimateError} if steps are asked for, another scale than that of the weights, or an option is out of its
   *   range.
   * @throws the signal's reason if it is aborted.
   */
  async estimate(image: RgbImage, options: EstimateOptions = {}): Promise<SpectralEstimate> {
    const { scale = this.scale, steps = 0, alpha, signal, onProgress } = options;
    checkOptions(options);
    if (steps !== 0) throw new EstimateError(`The spectral estimator has no steps; got ${steps}.`);
    if (scale !== this.scale) {
      throw new EstimateError(`These weights are for ×${this.scale}; got ×${scale}.`);
    }
    signal?.throwIfAborted();
    this.lifetime.check();
    assertHasDetail(image);
    onProgress?.({ phase: "kernel", done: 0, total: 0 });
    // The networks were trained on photos of the usual range.
    const gain = 1 / brightLevel(image);
    const reading = await abortable(this.read(multiplied(image, gain, USUAL_MOST), alpha), signal);
    // The first network was trained on colors, whose brightness has less noise. The second one sees whether there are any.
    const noiseUnit = reading.photo || !isGray(image) ? 1 : BRIGHTNESS_NOISE;
    return this.toEstimate(reading, noiseUnit / gain);
  }

  /** Runs the networks on the four symmetries of the photo. */
  private async read(image: RgbImage, alpha: Float32Array | undefined): Promise<Reading> {
    const spectrum = await this.analyzer.analyze(image, alpha);
    // Who aborted meanwhile may have disposed of it, too.
    this.lifetime.check();
    const { colors } = this;
    const { values } = this.weights;
    const features = turnedFeatures(spectrum, colors && (await colorSpectra(colors, image, spectrum)));
    const rows = denseLayers(values, "layer", features);
    if (!colors) return averageReading(rows);
    const inputs = Float32Array.of(...features, ...rows);
    const readBy = (layers: string): WholeReading =>
      wholeReadingOf(rows, denseLayers(values, "whole", inputs, layers));
    const usual = readBy("whole");
    const { noise, photo } = usual;
    const isWide = variances(usual) > WIDE && photo.gaussian + photo.camera < 0.5;
    const read = isWide && values.has("wide2.bias") ? { ...readBy("wide"), noise, photo } : usual;
    const narrow = averageReading(rows);
    const isDoubtful =
      spectrum.windows < FEW_WINDOWS &&
      variances(read) > WIDER * (variances(narrow) + 1) &&
      nearestEvenKernel(mixedKernel(read)).distance > UNEVEN;
    return isDoubtful ? { ...narrow, noise, photo } : read;
  }

  private toEstimate(reading: Reading, noiseUnit: number): SpectralEstimate {
    const { scale } = this;
    const { noise, error, nonGaussianity, photo } = reading;
    const { kernel: x2Kernel, uncertainty } = reading.kernel
      ? kernelOf(reading as WholeReading)
      : { kernel: covarianceKernel(reading.covariance), uncertainty: { error, nonGaussianity } };
    return {
      kernel: scale === 2 ? x2Kernel : x4Kernel(x2Kernel),
      x2Kernel,
      scale,
      covariance: kernelCovariance(x2Kernel),
      noise: noiseUnit * noise,
      nonGaussianity,
      uncertainty,
      ...(photo && { photo: { ...photo, brightnessNoise: noiseUnit * photo.brightnessNoise } }),
    };
  }

  /** Frees the weights and the buffers. */
  dispose(): void {
    if (this.lifetime.end()) return;
    this.analyzer.dispose();
    this.colors?.dispose();
  }

  [DISPOSE](): void {
    this.dispose();
  }
}

function variances({ covariance: { xx, yy } }: Reading): number {
  return xx + yy;
}
