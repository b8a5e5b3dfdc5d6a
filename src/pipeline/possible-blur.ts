import type { KernelEstimate } from "../estimate/kernel-estimator.js";
import { orderStatistics } from "../image/patches/order-statistic.js";
import type { RgbImage } from "../image/rgb-image.js";
import { covarianceKernel } from "../kernel/families/covariance-kernel.js";
import { x4Kernel } from "../kernel/families/x4-kernel.js";
import { type Covariance, kernelCovariance, scaledCovariance } from "../kernel/metrics/kernel-metrics.js";
import { usableWindows } from "../model/spectral/usable-windows.js";
import { isLargeEnough, WINDOW } from "../model/spectral/windows.js";

/** Side of the part of a window in which all pixels have these neighbors. */
const INNER = WINDOW - 2;

/** Neighbors at an edge differ by at least MIN_STEP; steps above MAX_STEP say no more. */
const MIN_STEP = 20 / 255;
const MAX_STEP = 0.99;

/** atanh over the inverse of erf, to 6 % for steps up to 0.9. */
const ATANH_PER_ERF = 1.2;

/** The share of edges that may be steeper than the blur allows: noise makes some, and so do drawings on a photo. */
const STEEPER = 0.05;

/** Variances of a ×4 kernel for each of the ×2 kernel that it comes from: itself, and itself on every second pixel. */
const X4_VARIANCE = 5;

/**
 * Narrows an estimate that is wider than a photo's steepest edges allow: to a Gaussian of the width that they allow. Noise and
 * expected error shrink as the variances do, since the spectrum was that of a pattern. Photos hardly ever need it; stripes, checks
 * and dots of high contrast do. There, a kernel that is too wide asks for values outside the range, and clipping them makes local
 * means wrong.
 * @param image in the usual range.
 * @returns the estimate itself if the edges allow it, or if the image is smaller than a window.
 */
export function possibleEstimate(
  estimate: KernelEstimate,
  image: RgbImage,
  alpha?: Float32Array,
): KernelEstimate {
  const { kernel, scale, noise, uncertainty } = estimate;
  const found = kernelCovariance(kernel);
  const share = isLargeEnough(image) ? possibleShare(image, scaledCovariance(found, scale ** -2), alpha) : 1;
  if (share >= 1) return estimate;
  const x2Kernel = covarianceKernel(scaledCovariance(found, scale === 2 ? share : share / X4_VARIANCE));
  return {
    ...estimate,
    kernel: scale === 2 ? x2Kernel : x4Kernel(x2Kernel),
    noise: noise && share * noise,
    uncertainty: uncertainty && { ...uncertainty, error: share * uncertainty.error },
  };
}

/**
 * The factor of a blur's variances at which an image's edges become possible; at least 1 if they already are. From values of 0 to 1,
 * a Gaussian of variance v makes no step larger than erf(d / √(8 v)) over the distance d.
 * @param covariance in square pixels of the image.
 */
function possibleShare(image: RgbImage, { xx, xy, yy }: Covariance, alpha?: Float32Array): number {
  const { width, height, data } = image;
  const corners = usableWindows(image, alpha);
  const middle = (xx + yy) / 2;
  // To the right, below, and both ways across: where a neighbor lies, the square of its distance, and the variance in its direction.
  const shares = [
    [1, 1, xx],
    [width, 1, yy],
    [width + 1, 2, middle + xy],
    [width - 1, 2, middle - xy],
  ].map(([neighbor, square, variance]) => {
    const steps = [MIN_STEP];
    for (const [top, left] of corners) {
      for (let i = 0; i < 3 * INNER ** 2; i++) {
        const row = Math.floor(i / INNER ** 2) * height + top + (Math.floor(i / INNER) % INNER);
        const at = row * width + left + 1 + (i % INNER);
        const step = Math.abs(data[at + neighbor] - data[at]);
        if (step > MIN_STEP) steps.push(step);
      }
    }
    const [step] = orderStatistics(Float64Array.from(steps), Math.floor((1 - STEEPER) * (steps.length - 1)));
    return square / (8 * variance * (Math.atanh(Math.min(step, MAX_STEP)) / ATANH_PER_ERF) ** 2);
  });
  return Math.min(...shares);
}
