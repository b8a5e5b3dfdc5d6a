import type { RgbImage } from "../../image/rgb-image.js";
import { FREQUENCIES, type MeasuredSpectrum, type SpectrumAnalyzer } from "./spectrum-analyzer.js";
import { WINDOW } from "./windows.js";

/** Side of the windows in which color differences are measured: the noise's kind shows in small ones. */
export const COLOR_WINDOW = 16;

const COLUMNS = COLOR_WINDOW / 2 + 1;

/** Frequencies of such a window's half spectrum. */
export const COLOR_FREQUENCIES = COLOR_WINDOW * COLUMNS;

/** The windows of the brightness are thinned until they are fewer than twice this many. */
const MAX_WINDOWS = 128;

/** Red − green and blue − green. */
const DIFFERENCES = [
  [1, -1, 0],
  [0, -1, 1],
] as const;

/**
 * Spectra of red − green and blue − green relative to that of the brightness: [2, 16, 9], means over windows of log P, less
 * the brightness's at the same frequency. A camera's demosaicing smooths them, and JPEG coarsens them.
 * @param analyzer of windows with the side {@link COLOR_WINDOW}.
 * @param spectrum of the image's brightness.
 */
export async function colorSpectra(
  analyzer: SpectrumAnalyzer,
  image: RgbImage,
  { corners, logMeans }: MeasuredSpectrum,
): Promise<Float32Array> {
  const every = Math.max(1, Math.floor(corners.length / MAX_WINDOWS));
  const some = corners.filter((_, i) => i % every === 0);
  const spectra = await Promise.all(DIFFERENCES.map((mix) => analyzer.measure(image, some, mix)));
  // The second of the three means is that of log P; the brightness has twice as many frequencies each way.
  return Float32Array.from({ length: 2 * COLOR_FREQUENCIES }, (_, i) => {
    const place = i % COLOR_FREQUENCIES;
    const [row, column] = [Math.floor(place / COLUMNS), place % COLUMNS];
    return (
      spectra[Math.floor(i / COLOR_FREQUENCIES)][COLOR_FREQUENCIES + place] -
      logMeans[FREQUENCIES + 2 * row * (WINDOW / 2 + 1) + 2 * column]
    );
  });
}
