import sharp from "sharp";
import type { RgbImage } from "../model/image.js";

/** An image as an 8-bit PNG: values are clipped to [0, 1] and rounded to the nearest of 256 levels. */
export async function encodePng({ width, height, data }: RgbImage): Promise<Uint8Array> {
  const plane = width * height;
  const pixels = new Uint8Array(3 * plane);
  for (let i = 0; i < plane; i++) {
    for (let channel = 0; channel < 3; channel++) {
      const value = data[channel * plane + i] as number;
      // The benchmarks' authors cut the fraction off, which makes an image darker by half a level on average.
      pixels[3 * i + channel] = Math.round(255 * Math.min(Math.max(value, 0), 1));
    }
  }
  return sharp(pixels, { raw: { width, height, channels: 3 } })
    .png()
    .toBuffer();
}
