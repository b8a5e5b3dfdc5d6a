import type { Covariance } from "../../model/metrics/kernel-metrics.js";
import { FREQUENCIES, MEANS, type PowerSpectrum } from "../../spectrum/spectrum-analyser.js";

const SPECTRUM = MEANS * FREQUENCIES;

/** Numbers of a sample: three spectra, the number of windows, the covariance (xx, xy, yy), and the noise. */
export const SAMPLE_SIZE = SPECTRUM + 5;

/** A measured image. */
export interface SpectralSample {
  readonly spectrum: PowerSpectrum;
  readonly covariance: Covariance;
  /** In 255ths. */
  readonly noise: number;
}

/** Many samples, as plain numbers: they fill hundreds of megabytes, and are written to files as they are. */
export class SpectralSamples {
  /** @param numbers {@link SAMPLE_SIZE} a sample. */
  constructor(readonly numbers: Float32Array) {}

  get count(): number {
    return Math.floor(this.numbers.length / SAMPLE_SIZE);
  }

  /** The sample of a number; its spectrum is a view. */
  get(number: number): SpectralSample {
    const sample = this.numbers.subarray(number * SAMPLE_SIZE, (number + 1) * SAMPLE_SIZE);
    const [windows = 0, xx = 0, xy = 0, yy = 0, noise = 0] = sample.subarray(SPECTRUM);
    return {
      spectrum: { windows, logMeans: sample.subarray(0, SPECTRUM) },
      covariance: { xx, xy, yy },
      noise,
    };
  }

  set(number: number, { spectrum, covariance, noise }: SpectralSample): void {
    const { xx, xy, yy } = covariance;
    this.numbers.set(spectrum.logMeans, number * SAMPLE_SIZE);
    this.numbers.set([spectrum.windows, xx, xy, yy, noise], number * SAMPLE_SIZE + SPECTRUM);
  }
}
