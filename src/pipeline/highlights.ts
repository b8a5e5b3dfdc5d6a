import { type Offset, upscaleBicubic } from "../image/resize/bicubic.js";
import type { RgbImage } from "../image/rgb-image.js";

/** An image whose brighter values are replaced by a limit. */
export function atMost(image: RgbImage, limit: number): RgbImage {
  if (isAtMost(image, limit)) return image;
  return { ...image, data: image.data.map((value) => Math.min(value, limit)) };
}

/** Adds to an enlarged image of {@link atMost} what was cut off, enlarged plainly and without dark rims. */
export function withHighlights(enlarged: RgbImage, image: RgbImage, limit: number, offset: Offset): RgbImage {
  if (isAtMost(image, limit)) return enlarged;
  const above = { ...image, data: image.data.map((value) => Math.max(value - limit, 0)) };
  const added = upscaleBicubic(above, enlarged.width / image.width, offset).data;
  return { ...enlarged, data: enlarged.data.map((value, i) => value + Math.max(0, added[i])) };
}

/** A loop, since a function for each value would take some ten times as long: half a second for a photo of a camera. */
function isAtMost({ data }: RgbImage, limit: number): boolean {
  for (let i = 0; i < data.length; i++) if (data[i] > limit) return false;
  return true;
}
