import type { RgbImage } from "../image/rgb-image.js";
import { countWindows, evenTest } from "../model/spectral/usable-windows.js";
import { windowCorners } from "../model/spectral/windows.js";

/** A window with more even pixels than this says nothing of a blur. In photos, light and noise vary everywhere. */
const MAX_EVEN = 0.25;

/** A picture with fewer windows that say something, and a smaller part of them, may be a drawing. */
const MIN_WINDOWS = 16;
const MIN_SHARE = 0.25;

/** Neighboring pixels of an edge differ by at least this much at its steepest step. */
const MIN_STEP = 20 / 255;

/** Where a step lies among the pixels that are looked at, along the row or column. */
const AROUND = [-2, -1, 0, 1, 2, 3];

/**
 * A drawing is sharp if in the median an edge's steepest step takes more than this of the range around it: with the default
 * kernel it is 0.53, with twice its variance 0.44 (discs and charts with antialiased edges).
 */
const MIN_STEEPNESS = 0.48;

/**
 * Whether an image is a drawing, such as a logo or a chart, that has hardly any blur: even areas throughout, with sharp edges. Its
 * spectrum is that of its shapes.
 * @param alpha `height · width` values; opaque unless given.
 * @throws {ImageError} if the image is smaller than a window.
 */
export function isSharpDrawing(image: RgbImage, alpha?: Float32Array): boolean {
  const { width, data } = image;
  const isEven = evenTest(image);
  const telling = countWindows(image, MAX_EVEN, (pixel) => alpha?.[pixel] === 0 || isEven(pixel));
  if (telling >= Math.min(MIN_WINDOWS, MIN_SHARE * windowCorners(image).length)) return false;
  // More steep edges than others.
  let majority = 0;
  for (let i = 0; i < data.length; i++) {
    for (const step of [1, width]) {
      // Steps from a row's end to the next row are too few to count; those beyond the data are not numbers.
      const rise = (k: number): number => Math.abs(data[i + (k + 1) * step] - data[i + k * step]);
      const steepest = rise(0);
      if (steepest >= MIN_STEP && steepest >= rise(-1) && steepest >= rise(1)) {
        const values = AROUND.map((k) => data[i + k * step]);
        majority += steepest > MIN_STEEPNESS * (Math.max(...values) - Math.min(...values)) ? 1 : -1;
      }
    }
  }
  return majority > 0;
}
