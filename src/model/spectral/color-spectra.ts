import type { RgbImage } from "../../image/rgb-image.js";
import { FREQUENCIES, type MeasuredSpectrum } from "./spectrum-analyzer.js";
import { hann, POWER_FLOOR, WINDOW } from "./windows.js";

/** Height and width of the windows in which color differences are measured: the noise's kind shows in small ones. */
export const COLOR_WINDOW = 16;

/** Columns of a window's half spectrum. */
export const COLOR_COLUMNS = COLOR_WINDOW / 2 + 1;

/** Frequencies of a window's half spectrum. */
export const COLOR_FREQUENCIES = COLOR_WINDOW * COLOR_COLUMNS;

/** The windows of the brightness are thinned until they are fewer than twice this many. */
const MAX_WINDOWS = 128;

const HANN = hann(COLOR_WINDOW);
const SUM = HANN.reduce((sum, weight) => sum + weight, 0) ** 2;
const ENERGY = HANN.reduce((sum, weight) => sum + weight ** 2, 0) ** 2;

/** cos and sin of 2π·i/16. */
const COS = Float64Array.from({ length: COLOR_WINDOW }, (_, i) => Math.cos((2 * Math.PI * i) / COLOR_WINDOW));
const SIN = Float64Array.from({ length: COLOR_WINDOW }, (_, i) => Math.sin((2 * Math.PI * i) / COLOR_WINDOW));

/**
 * Spectra of red − green and blue − green relative to that of the brightness: [2, 16, 9], means over windows of log P, less
 * the brightness's at the same frequency. A camera's demosaicing smooths them, and JPEG coarsens them.
 * @param spectrum of the image's brightness.
 */
export function colorSpectra(image: RgbImage, { corners, logMeans }: MeasuredSpectrum): Float32Array {
  const every = Math.max(1, Math.floor(corners.length / MAX_WINDOWS));
  const some = corners.filter((_, i) => i % every === 0);
  const pixels = image.width * image.height;
  const spectra = new Float32Array(2 * COLOR_FREQUENCIES);
  const window = new Float64Array(COLOR_WINDOW ** 2);
  for (let color = 0; color < 2; color++) {
    for (const [top, left] of some) {
      let mean = 0;
      window.forEach((_, i) => {
        const [row, column] = [i >> 4, i & 15];
        const pixel = (top + row) * image.width + left + column;
        window[i] = image.data[2 * color * pixels + pixel] - image.data[pixels + pixel];
        mean += (HANN[row] * HANN[column] * window[i]) / SUM;
      });
      window.forEach((value, i) => {
        window[i] = HANN[i >> 4] * HANN[i & 15] * (value - mean);
      });
      addLogPowers(window, spectra.subarray(color * COLOR_FREQUENCIES, (color + 1) * COLOR_FREQUENCIES));
    }
  }
  return spectra.map((sum, i) => {
    const [row, column] = [Math.floor(i / COLOR_COLUMNS) % COLOR_WINDOW, i % COLOR_COLUMNS];
    // The second of the three means of the brightness is that of log P, at twice as many frequencies each way.
    return sum / some.length - logMeans[FREQUENCIES + 2 * row * (WINDOW / 2 + 1) + 2 * column];
  });
}

/** Adds log P of a window's frequencies to sums: a transform of its rows, then of the columns. */
function addLogPowers(window: Float64Array, sums: Float32Array): void {
  for (let column = 0; column < COLOR_COLUMNS; column++) {
    const real = new Float64Array(COLOR_WINDOW);
    const imaginary = new Float64Array(COLOR_WINDOW);
    window.forEach((value, i) => {
      const turn = ((i & 15) * column) & 15;
      real[i >> 4] += value * COS[turn];
      imaginary[i >> 4] -= value * SIN[turn];
    });
    for (let row = 0; row < COLOR_WINDOW; row++) {
      let [re, im] = [0, 0];
      for (let i = 0; i < COLOR_WINDOW; i++) {
        const turn = (i * row) & 15;
        re += real[i] * COS[turn] + imaginary[i] * SIN[turn];
        im += imaginary[i] * COS[turn] - real[i] * SIN[turn];
      }
      sums[row * COLOR_COLUMNS + column] += Math.log((re ** 2 + im ** 2) / ENERGY + POWER_FLOOR);
    }
  }
}
