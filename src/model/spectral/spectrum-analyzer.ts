import type { Engine } from "../../engine/device/engine.js";
import { realFft2dForward } from "../../engine/ops/fft/fft.js";
import type { Program } from "../../engine/recording/program.js";
import { Tape } from "../../engine/recording/tape.js";
import type { Tensor } from "../../engine/tensors/tensor.js";
import type { RgbImage } from "../../image/rgb-image.js";
import { accumulatePowerSpectrum } from "./accumulate-power-spectrum.js";
import { usableWindows } from "./usable-windows.js";
import { type Corner, energyOf, hann, POWER_FLOOR, WINDOW, writeWindow } from "./windows.js";

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

/** Weights of red, green and blue in the brightness (BT.601). */
const BRIGHTNESS = [0.299, 0.587, 0.114] as const;

/** Measures power spectra of images of any size on the GPU, in square windows. */
export class SpectrumAnalyzer {
  private constructor(
    private readonly engine: Engine,
    private readonly program: Program,
    private readonly windows: Tensor,
    private readonly count: Tensor,
    private readonly sums: Tensor,
  ) {}

  /** @param side of the windows, in pixels. */
  static async create(engine: Engine, side = WINDOW): Promise<SpectrumAnalyzer> {
    const tape = new Tape(engine, false);
    const windows = tape.tensor([BATCH, side, side], "windows");
    const count = tape.constant(new Uint32Array(1), "count");
    const sums = tape.tensor([MEANS, side, side / 2 + 1], "sums");
    accumulatePowerSpectrum(tape, realFft2dForward(tape, windows), count, sums, {
      energy: energyOf(hann(side)),
      floor: POWER_FLOOR,
    });
    return new SpectrumAnalyzer(engine, await tape.finish(), windows, count, sums);
  }

  /**
   * Measures the brightness of one image. Calls may overlap.
   * @param alpha `height · width` values; opaque unless given.
   * @throws {ImageError} if it is smaller than a window.
   */
  async analyze(image: RgbImage, alpha?: Float32Array): Promise<MeasuredSpectrum> {
    const corners = usableWindows(image, alpha);
    return { windows: corners.length, logMeans: await this.measure(image, corners, BRIGHTNESS), corners };
  }

  /**
   * Measures windows of one image: `[3, side, side / 2 + 1]`, see {@link PowerSpectrum}. Calls may overlap.
   * @param mix weights of red, green and blue.
   */
  async measure(image: RgbImage, corners: readonly Corner[], mix: readonly number[]): Promise<Float32Array> {
    const { engine, windows, count, sums } = this;
    const [, side] = windows.shape;
    const weights = hann(side);
    // Everything is submitted before the first wait, so that calls can overlap.
    engine.clear(sums);
    const batch = new Float32Array(windows.size);
    for (let first = 0; first < corners.length; first += BATCH) {
      const some = corners.slice(first, first + BATCH);
      some.forEach((corner, i) => {
        writeWindow(image, corner, mix, weights, batch.subarray(i * side ** 2));
      });
      engine.write(windows, batch);
      engine.write(count, Uint32Array.of(some.length));
      this.program.run();
    }
    const total = await engine.read(sums);
    return total.map((sum, i) => logMean(Math.floor((MEANS * i) / total.length), sum / corners.length));
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
