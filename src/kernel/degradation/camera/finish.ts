import { type RgbImage, rgbImage } from "../../../image/rgb-image.js";
import { smoothed } from "./gaussian-smoothing.js";

/** Light denoising, as a camera does it: stronger in color than in brightness. */
export interface Denoising {
  /** Detail of the brightness below this, of 1, is taken for noise and reduced. */
  readonly threshold: number;
  /** Standard deviation of the Gaussian by which color is smoothed, in pixels of the small image. */
  readonly color: number;
}

/** Standard deviation of the Gaussian beyond which brightness counts as detail, in pixels of the small image. */
const DETAIL = 1;

/** Standard deviation of the Gaussian that unsharp masking takes away. */
const UNSHARP_RADIUS = 1;

/** Reduces small detail of the brightness (coring) and smooths color. */
export function denoised({ width, height, data }: RgbImage, { threshold, color }: Denoising): RgbImage {
  const pixels = width * height;
  const gray = Float32Array.from(
    { length: pixels },
    (_, i) => 0.299 * data[i] + 0.587 * data[pixels + i] + 0.114 * data[2 * pixels + i],
  );
  const smooth = smoothed(gray, width, height, DETAIL);
  const cored = gray.map((value, i) => {
    const detail = value - smooth[i];
    const kept = detail ** 2 / (detail ** 2 + threshold ** 2);
    return smooth[i] + kept * detail;
  });
  const out = new Float32Array(3 * pixels);
  for (let plane = 0; plane < 3; plane++) {
    const difference = gray.map((value, i) => data[plane * pixels + i] - value);
    smoothed(difference, width, height, color).forEach((value, i) => {
      out[plane * pixels + i] = cored[i] + value;
    });
  }
  return rgbImage(width, height, out);
}

/** Unsharp masking of radius 1. */
export function sharpened({ width, height, data }: RgbImage, amount: number): RgbImage {
  const pixels = width * height;
  const out = new Float32Array(data);
  for (let plane = 0; plane < 3; plane++) {
    const values = data.subarray(plane * pixels, (plane + 1) * pixels);
    smoothed(values, width, height, UNSHARP_RADIUS).forEach((smooth, i) => {
      out[plane * pixels + i] += amount * (values[i] - smooth);
    });
  }
  return rgbImage(width, height, out);
}
