import { FREQUENCIES, MEANS, type PowerSpectrum } from "../../model/spectral/spectrum-analyzer.js";
import type { SpectralTruth } from "../../model/spectral/targets.js";

const SPECTRUM = MEANS * FREQUENCIES;

/**
 * Numbers of a sample: three spectra, the number of windows, covariance (xx, xy, yy), noise, non-Gaussianity.
 */
export const SAMPLE_SIZE = SPECTRUM + 6;

/** A measured image. */
export interface SpectralSample {
  readonly spectrum: PowerSpectrum;
  readonly truth: SpectralTruth;
}

/** Many samples as plain numbers, since they fill hundreds of megabytes and go to files as they are. */
export class SpectralSamples {
  /** @param numbers {@link SAMPLE_SIZE} for each sample. */
  constructor(readonly numbers: Float32Array) {}

  get count(): number {
    return Math.floor(this.numbers.length / SAMPLE_SIZE);
  }

  /** The sample of a number; its spectrum is a view. */
  get(number: number): SpectralSample {
    const sample = this.numbers.subarray(number * SAMPLE_SIZE, (number + 1) * SAMPLE_SIZE);
    const [windows = 0, xx = 0, xy = 0, yy = 0, noise = 0, nonGaussianity = 0] = sample.subarray(SPECTRUM);
    return {
      spectrum: { windows, logMeans: sample.subarray(0, SPECTRUM) },
      truth: { covariance: { xx, xy, yy }, noise, nonGaussianity },
    };
  }

  set(number: number, { spectrum, truth }: SpectralSample): void {
    const { xx, xy, yy } = truth.covariance;
    this.numbers.set(spectrum.logMeans, number * SAMPLE_SIZE);
    this.numbers.set(
      [spectrum.windows, xx, xy, yy, truth.noise, truth.nonGaussianity],
      number * SAMPLE_SIZE + SPECTRUM,
    );
  }
}
