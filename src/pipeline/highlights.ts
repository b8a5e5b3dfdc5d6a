import { type Offset, upscaleBicubic } from "../image/resize/bicubic.js";
import { type RgbImage, rgbImage } from "../image/rgb-image.js";

/** An image whose brighter values are replaced by a limit. */
export function atMost(image: RgbImage, limit: number): RgbImage {
  if (image.data.every((value) => value <= limit)) return image;
  return rgbImage(
    image.width,
    image.height,
    image.data.map((value) => Math.min(value, limit)),
  );
}

/** Adds to an enlarged image of {@link atMost} what was cut off, enlarged plainly and without dark rims. */
export function withHighlights(
  enlarged: RgbImage,
  { width, height, data }: RgbImage,
  limit: number,
  offset: Offset,
): RgbImage {
  if (data.every((value) => value <= limit)) return enlarged;
  const above = rgbImage(
    width,
    height,
    data.map((value) => Math.max(value - limit, 0)),
  );
  const added = upscaleBicubic(above, enlarged.width / width, offset).data;
  return rgbImage(
    enlarged.width,
    enlarged.height,
    enlarged.data.map((value, i) => value + Math.max(0, added[i])),
  );
}
