import sharp from "sharp";
import { type RgbImage, rgbImage } from "../../image/rgb-image.js";

/**
 * What is left of an image after JPEG, with the colors at half resolution as cameras store them.
 * @param quality 1 to 100.
 */
export async function compressJpeg({ width, height, data }: RgbImage, quality: number): Promise<RgbImage> {
  const pixels = width * height;
  const bytes = new Uint8Array(3 * pixels);
  for (let i = 0; i < bytes.length; i++) {
    const value = data[(i % 3) * pixels + Math.floor(i / 3)];
    bytes[i] = Math.round(255 * Math.min(Math.max(value, 0), 1));
  }
  const jpeg = await sharp(bytes, { raw: { width, height, channels: 3 } })
    .jpeg({ quality })
    .toBuffer();
  const decoded = await sharp(jpeg).raw().toBuffer();
  return rgbImage(
    width,
    height,
    Float32Array.from(
      { length: 3 * pixels },
      (_, i) => decoded[3 * (i % pixels) + Math.floor(i / pixels)] / 255,
    ),
  );
}
