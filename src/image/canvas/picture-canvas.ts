import { type CanvasLike, drawImage, sizedContext } from "../draw-image.js";
import { toImageData } from "../image-data.js";
import type { RgbImage } from "../rgb-image.js";

/**
 * An image on a canvas of its own, whose file has the colors as they are. A transparent one is on a canvas of the kind that shows a
 * bitmap: others multiply colors by alpha, and lose them where little shows.
 * @param alpha `height · width` values; opaque unless given.
 * @throws {ImageError} if the browser cannot make so large a canvas.
 */
export async function pictureCanvas(image: RgbImage, alpha?: Float32Array): Promise<OffscreenCanvas> {
  const canvas = new OffscreenCanvas(image.width, image.height);
  if (alpha) {
    // A file would otherwise lack what is beyond the largest canvas.
    sizedContext(new OffscreenCanvas(1, 1) as CanvasLike, image);
    const bitmap = await createImageBitmap(toImageData(image, alpha), { premultiplyAlpha: "none" });
    canvas.getContext("bitmaprenderer")?.transferFromImageBitmap(bitmap);
  } else drawImage(canvas as CanvasLike, image);
  return canvas;
}
