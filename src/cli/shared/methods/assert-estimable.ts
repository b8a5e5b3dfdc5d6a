import type { MethodName } from "../../../estimate/methods/methods.js";
import { assertHasDetail } from "../../../image/patches/assert-has-detail.js";
import { padCircular } from "../../../image/patches/pad-circular.js";
import type { RgbImage } from "../../../image/rgb-image.js";
import { windowCorners } from "../../../model/spectral/windows.js";

/**
 * Checks that a method can estimate the kernel of an image, as the estimate will, but before a device is opened.
 * @throws {ImageError} if the image is too small for the method, or has no detail.
 */
export function assertEstimable(image: RgbImage, method: MethodName): void {
  if (method === "spectral") windowCorners(image);
  else padCircular(image, 0);
  assertHasDetail(image);
}
