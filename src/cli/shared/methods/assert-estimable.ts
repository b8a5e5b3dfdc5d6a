import { assertHasDetail } from "../../../image/patches/assert-has-detail.js";
import { padCircular } from "../../../image/patches/pad-circular.js";
import type { RgbImage } from "../../../image/rgb-image.js";
import { windowCorners } from "../../../model/spectral/windows.js";
import { bySpectrum, type EstimationMethodName } from "./estimation-methods.js";

/**
 * Makes sure that a method can estimate the kernel of an image.
 * @throws {ImageError} if the image is too small for it, or has no detail.
 */
export function assertEstimable(image: RgbImage, method: EstimationMethodName): void {
  if (bySpectrum(method)) windowCorners(image);
  else padCircular(image, 0);
  assertHasDetail(image);
}
