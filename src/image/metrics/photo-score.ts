import { ImageError } from "../../image/errors.js";
import { cropImage } from "../crop-image.js";
import type { RgbImage } from "../rgb-image.js";
import { type ImageScore, psnrY, ssimY } from "./image-metrics.js";

/** Rows and columns left out at each border. */
const BORDER = 8;

/** Whole pixels by which a picture may lie beside the true one, since methods put it on grids of their own. */
const MAX_SHIFT = 3;

/**
 * How close a photo's enlargement is to the scene: PSNR of the luma, borders of 8 pixels left out, the best over whole shifts of up
 * to 3 pixels; and SSIM at that shift.
 * @throws {ImageError} if the sizes differ or nothing is left.
 */
export function photoScore(sr: RgbImage, hr: RgbImage): ImageScore {
  const inner = { width: hr.width - 2 * BORDER, height: hr.height - 2 * BORDER };
  if (sr.width !== hr.width || sr.height !== hr.height || Math.min(inner.width, inner.height) < 1) {
    throw new ImageError(
      `Photos of ${sr.width}×${sr.height} and ${hr.width}×${hr.height} cannot be compared without ${BORDER} pixels at each border.`,
    );
  }
  const truth = cropImage(hr, { left: BORDER, top: BORDER, ...inner });
  let best = { psnr: Number.NEGATIVE_INFINITY, part: truth };
  for (let down = -MAX_SHIFT; down <= MAX_SHIFT; down++) {
    for (let right = -MAX_SHIFT; right <= MAX_SHIFT; right++) {
      const part = cropImage(sr, { left: BORDER + right, top: BORDER + down, ...inner });
      const psnr = psnrY(part, truth, 0);
      if (psnr > best.psnr) best = { psnr, part };
    }
  }
  return { psnr: best.psnr, ssim: ssimY(best.part, truth, 0) };
}
