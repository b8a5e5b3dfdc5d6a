import sharp from "sharp";
import { type RgbImage, rgbImage } from "../../image/rgb-image.js";

/**
 * A JPEG file of an image, with the colors at half resolution as cameras store them.
 * @param quality 1 to 100.
 */
export function encodeJpeg({ width, height, data }: RgbImage, quality: number): Promise<Uint8Array> {
  const pixels = width * height;
  const bytes = new Uint8Array(3 * pixels);
  for (let i = 0; i < bytes.length; i++) {
    const value = data[(i % 3) * pixels + Math.floor(i / 3)];
    bytes[i] = Math.round(255 * Math.min(Math.max(value, 0), 1));
  }
  return sharp(bytes, { raw: { width, height, channels: 3 } })
    .jpeg({ quality })
    .toBuffer();
}

/** An image after a round trip through {@link encodeJpeg}. */
export async function compressJpeg(image: RgbImage, quality: number): Promise<RgbImage> {
  const decoded = await sharp(await encodeJpeg(image, quality))
    .raw()
    .toBuffer();
  const pixels = image.width * image.height;
  return rgbImage(
    image.width,
    image.height,
    Float32Array.from(
      { length: 3 * pixels },
      (_, i) => decoded[3 * (i % pixels) + Math.floor(i / pixels)] / 255,
    ),
  );
}

/** An image after round trips through JPEG with several qualities, one after another. */
export async function compressRepeatedly(image: RgbImage, qualities: readonly number[]): Promise<RgbImage> {
  let compressed = image;
  for (const quality of qualities) compressed = await compressJpeg(compressed, quality);
  return compressed;
}
