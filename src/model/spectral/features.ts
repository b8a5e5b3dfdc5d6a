import { mean } from "../../image/metrics/mean.js";
import { FREQUENCIES, MEANS, type PowerSpectrum } from "./spectrum-analyzer.js";
import type { Symmetry } from "./symmetries.js";

/** Inputs of the network: three spectra minus their averages, the averages, and the number of windows. */
export const FEATURES = MEANS * FREQUENCIES + MEANS + 1;

/**
 * Writes the network's inputs for an image turned by a symmetry into a column of a matrix [{@link FEATURES}, columns].
 * @param out the matrix, row by row.
 */
export function writeFeatures(
  { windows, logMeans }: PowerSpectrum,
  { places }: Symmetry,
  out: Float32Array,
  column: number,
  columns: number,
): void {
  let row = 0;
  const put = (value: number): void => {
    out[row++ * columns + column] = value;
  };
  const averages: number[] = [];
  for (let power = 0; power < MEANS; power++) {
    const spectrum = logMeans.subarray(power * FREQUENCIES, (power + 1) * FREQUENCIES);
    const average = mean(spectrum);
    for (const place of places) put(spectrum[place] - average);
    averages.push(average);
  }
  averages.forEach(put);
  put(Math.log(windows));
}
