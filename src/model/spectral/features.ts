import { mean } from "../../image/metrics/mean.js";
import { COLOR_FREQUENCIES, COLOR_WINDOW } from "./color-spectra.js";
import { FREQUENCIES, MEANS, type PowerSpectrum } from "./spectrum-analyzer.js";
import { SYMMETRIES, type Symmetry } from "./symmetries.js";
import { WINDOW } from "./windows.js";

/** Inputs of the first network: three spectra minus their averages, the averages, and the number of windows. */
export const FEATURES = MEANS * FREQUENCIES + MEANS + 1;

/** Inputs of the second network besides the first one's rows: what the first one reads, and two color spectra. */
export const PHOTO_FEATURES = FEATURES + 2 * COLOR_FREQUENCIES;

/** For each symmetry the places of the features of a turned photo among those of the photo itself. */
const PLACES = SYMMETRIES.map(featurePlaces);

/**
 * Writes the first network's inputs for an image turned by a symmetry into a column of a matrix [{@link FEATURES}, columns].
 * @param out the matrix, row by row.
 */
export function writeFeatures(
  spectrum: PowerSpectrum,
  symmetry: Symmetry,
  out: Float32Array,
  column: number,
  columns: number,
): void {
  const features = spectralFeatures(spectrum);
  const places = PLACES[SYMMETRIES.indexOf(symmetry)];
  for (let row = 0; row < FEATURES; row++) out[row * columns + column] = features[places[row]];
}

/**
 * The features of a photo in all symmetries: a matrix [{@link FEATURES} or {@link PHOTO_FEATURES}, 4], row by row.
 * @param colors what `colorSpectra` gives; none for the first network alone.
 */
export function turnedFeatures(spectrum: PowerSpectrum, colors: Iterable<number> = []): Float32Array {
  const features = [...spectralFeatures(spectrum), ...colors];
  const count = SYMMETRIES.length;
  return Float32Array.from(
    { length: features.length * count },
    (_, i) => features[PLACES[i % count][Math.floor(i / count)]],
  );
}

function spectralFeatures({ windows, logMeans }: PowerSpectrum): Float32Array {
  const features = new Float32Array(FEATURES);
  for (let power = 0; power < MEANS; power++) {
    const spectrum = logMeans.subarray(power * FREQUENCIES, (power + 1) * FREQUENCIES);
    const average = mean(spectrum);
    features.set(
      spectrum.map((value) => value - average),
      power * FREQUENCIES,
    );
    features[MEANS * FREQUENCIES + power] = average;
  }
  features[FEATURES - 1] = Math.log(windows);
  return features;
}

function featurePlaces({ places }: Symmetry): number[] {
  const all: number[] = [];
  const add = (some: Iterable<number>): void => {
    const first = all.length;
    for (const place of some) all.push(first + place);
  };
  for (let power = 0; power < MEANS; power++) add(places(WINDOW));
  add(Array(MEANS + 1).keys());
  for (let color = 0; color < 2; color++) add(places(COLOR_WINDOW));
  return all;
}
