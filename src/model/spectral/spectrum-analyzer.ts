import type { Engine } from "../../engine/engine.js";
import { realFft2d } from "../../engine/ops/fft/fft.js";
import type { Program } from "../../engine/recording/program.js";
import { Tape } from "../../engine/recording/tape.js";
import type { Tensor } from "../../engine/tensors/tensor.js";
import type { RgbImage } from "../../image/rgb-image.js";
import { accumulatePowerSpectrum } from "./accumulate-power-spectrum.js";
import { usableWindows } from "./usable-windows.js";
import { type Corner, POWER_FLOOR, WINDOW, WINDOW_ENERGY, writeWindow } from "./windows.js";

/** Frequencies of a window's half spectrum: rows of all 32, columns 0 to 16. */
export const FREQUENCIES = WINDOW * (WINDOW / 2 + 1);

/** Number of power means over the windows: of exponents −½, 0 and 1. */
export const MEANS = 3;

/** Windows that are transformed together. */
const BATCH = 128;

/** An image's power at each frequency. */
export interface PowerSpectrum {
  /** The number of windows in which it was measured. */
  readonly windows: number;
  /**
   * `[3, 32, 17]`: for each frequency the logarithm of three means of the power over the windows. The first (exponent
   * −½) follows the smoothest windows, the last (the ordinary mean) those with the most detail.
   */
  readonly logMeans: Float32Array;
}

/** A power spectrum and where it was measured. */
export interface MeasuredSpectrum extends PowerSpectrum {
  /** Of the windows. */
  readonly corners: readonly Corner[];
}

/** Measures power spectra of images of any size on the GPU, in windows of 32×32 pixels. */
export class SpectrumAnalyzer {
  private constructor(
    private readonly engine: Engine,
    private readonly program: Program,
    private readonly windows: Tensor,
    private readonly count: Tensor,
    private readonly sums: Tensor,
  ) {}

  static async create(engine: Engine): Promise<SpectrumAnalyzer> {
    const tape = new Tape(engine, false);
    const windows = tape.tensor([BATCH, WINDOW, WINDOW], "windows");
    const count = tape.constant(new Uint32Array(1), "number of windows");
    const sums = tape.tensor([MEANS, WINDOW, WINDOW / 2 + 1], "sums over windows");
    accumulatePowerSpectrum(tape, realFft2d(tape, windows), count, sums, {
      energy: WINDOW_ENERGY,
      floor: POWER_FLOOR,
    });
    return new SpectrumAnalyzer(engine, await tape.finish(), windows, count, sums);
  }

  /**
   * Measures one image. Calls may overlap.
   * @param alpha `height · width` values; opaque unless given.
   * @throws {ImageError} if it is smaller than a window.
   */
  async analyze(image: RgbImage, alpha?: Float32Array): Promise<MeasuredSpectrum> {
    const { engine, windows, count, sums } = this;
    const corners = usableWindows(image, alpha);
    // Everything is submitted before the first wait, so that calls can overlap.
    engine.clear(sums);
    const batch = new Float32Array(windows.size);
    for (let first = 0; first < corners.length; first += BATCH) {
      const some = corners.slice(first, first + BATCH);
      some.forEach((corner, i) => {
        writeWindow(image, corner, batch, i * WINDOW ** 2);
      });
      engine.write(windows, batch);
      engine.write(count, Uint32Array.of(some.length));
      this.program.run();
    }
    const total = await engine.read(sums);
    const logMeans = total.map((sum, i) => logMean(Math.floor(i / FREQUENCIES), sum / corners.length));
    return { windows: corners.length, logMeans, corners };
  }

  dispose(): void {
    this.program.dispose();
  }
}

/** The logarithm of a power mean, from the mean of 1 / √P, of log P, or of P. */
function logMean(kind: number, mean: number): number {
  if (kind === 0) return -2 * Math.log(mean);
  return kind === 1 ? mean : Math.log(mean);
}
