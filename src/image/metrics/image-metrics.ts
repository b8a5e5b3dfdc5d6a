import { ImageError } from "../errors.js";
import type { RgbImage } from "../rgb-image.js";
import { psnr } from "./psnr.js";

const PEAK = 255;
const WINDOW = 11;
const WINDOW_SIGMA = 1.5;

/** How close an upscaled image is to the true one, in brightness. */
export interface ImageScore {
  /** In dB; higher is better. */
  readonly psnr: number;
  /** Structural similarity; 1 is best. */
  readonly ssim: number;
}

/** A brightness image: `height · width` values, row by row, 16 (black) … 235 (white). */
export interface LumaImage {
  readonly width: number;
  readonly height: number;
  readonly data: Float64Array;
}

/** The BT.601 luma of an image that is rounded to 8 bits a channel first, as if it had been saved. */
export function luma({ width, height, data }: RgbImage): LumaImage {
  const plane = width * height;
  const eightBit = (value: number) => Math.round(Math.min(Math.max(value * PEAK, 0), PEAK));
  const out = new Float64Array(plane);
  for (let i = 0; i < plane; i++) {
    const gray =
      0.299 * eightBit(data[i]) + 0.587 * eightBit(data[plane + i]) + 0.114 * eightBit(data[2 * plane + i]);
    out[i] = 16 + (219 / PEAK) * gray;
  }
  return { width, height, data: out };
}

/** Both metrics, as the benchmarks take them: without as many pixels at each border as the image was upscaled by. */
export function imageScore(sr: RgbImage, hr: RgbImage, scale: number): ImageScore {
  return { psnr: psnrY(sr, hr, scale), ssim: ssimY(sr, hr, scale) };
}

/**
 * PSNR in dB of the luma of a super-resolved image against the true one, peak 255. Infinite for equal images.
 * @param shave rows and columns left out at each border; the upscaling factor by custom.
 * @throws {ImageError} if the sizes differ or nothing is left.
 */
export function psnrY(sr: RgbImage, hr: RgbImage, shave: number): number {
  const [a, b] = shavedPair(sr, hr, shave, 1);
  return psnr(a.data, b.data, PEAK);
}

/**
 * SSIM (Wang et al., 2004) of the luma: 11×11 Gaussian window of sigma 1.5, only whole windows, K1 = 0.01,
 * K2 = 0.03, mean over the image.
 * @param shave rows and columns left out at each border; the upscaling factor by custom.
 * @throws {ImageError} if the sizes differ or less than one window is left.
 */
export function ssimY(sr: RgbImage, hr: RgbImage, shave: number): number {
  const [a, b] = shavedPair(sr, hr, shave, WINDOW);
  const { width, height } = a;
  const windowMean = (values: Float64Array) => gaussianMean(values, height, width);
  const meanA = windowMean(a.data);
  const meanB = windowMean(b.data);
  const squareA = windowMean(a.data.map((value) => value * value));
  const squareB = windowMean(b.data.map((value) => value * value));
  const product = windowMean(a.data.map((value, i) => value * b.data[i]));

  const c1 = (0.01 * PEAK) ** 2;
  const c2 = (0.03 * PEAK) ** 2;
  let sum = 0;
  for (let i = 0; i < meanA.length; i++) {
    const ab = meanA[i] * meanB[i];
    const aa = meanA[i] ** 2;
    const bb = meanB[i] ** 2;
    const structure = (2 * (product[i] - ab) + c2) / (squareA[i] - aa + (squareB[i] - bb) + c2);
    sum += ((2 * ab + c1) / (aa + bb + c1)) * structure;
  }
  return sum / meanA.length;
}

function shavedPair(sr: RgbImage, hr: RgbImage, shave: number, least: number): [LumaImage, LumaImage] {
  if (sr.width !== hr.width || sr.height !== hr.height) {
    throw new ImageError(
      `Images of different size cannot be compared: ${sr.width}×${sr.height} and ${hr.width}×${hr.height}.`,
    );
  }
  if (Math.min(sr.width, sr.height) - 2 * shave < least) {
    throw new ImageError(
      `An image of ${sr.width}×${sr.height} is too small to compare without ${shave} pixels at each border.`,
    );
  }
  return [shaved(luma(sr), shave), shaved(luma(hr), shave)];
}

function shaved({ width, height, data }: LumaImage, border: number): LumaImage {
  const innerWidth = width - 2 * border;
  const innerHeight = height - 2 * border;
  const inner = new Float64Array(innerWidth * innerHeight);
  for (let y = 0; y < innerHeight; y++) {
    const start = (y + border) * width + border;
    inner.set(data.subarray(start, start + innerWidth), y * innerWidth);
  }
  return { width: innerWidth, height: innerHeight, data: inner };
}

/** Gaussian-weighted means over all whole windows. */
function gaussianMean(values: Float64Array, height: number, width: number): Float64Array {
  const weights = Array.from({ length: WINDOW }, (_, i) =>
    Math.exp(-((i - (WINDOW - 1) / 2) ** 2) / (2 * WINDOW_SIGMA ** 2)),
  );
  const sum = weights.reduce((total, weight) => total + weight, 0);
  const outWidth = width - WINDOW + 1;
  const outHeight = height - WINDOW + 1;
  const across = new Float64Array(height * outWidth);
  const out = new Float64Array(outHeight * outWidth);
  weights.forEach((weight, tap) => {
    const share = weight / sum;
    for (let y = 0; y < height; y++) {
      for (let x = 0; x < outWidth; x++) across[y * outWidth + x] += share * values[y * width + x + tap];
    }
  });
  weights.forEach((weight, tap) => {
    const share = weight / sum;
    for (let i = 0; i < out.length; i++) out[i] += share * across[i + tap * outWidth];
  });
  return out;
}
