import { ImageError } from "./errors.js";
import { type RgbImage, rgbImage } from "./rgb-image.js";

/** What {@link fromImageData} reads: a canvas's `ImageData`, or its fields. */
export type PixelData = Pick<ImageData, "width" | "height" | "data"> & Partial<Pick<ImageData, "colorSpace">>;

/** Some rows of an image. */
export interface Rows {
  readonly top: number;
  readonly height: number;
}

/**
 * A canvas's pixels as an image of planes; the alpha channel is ignored, see {@link alphaOf}.
 * @throws {ImageError} if there are not four values for each pixel, or they are not bytes in sRGB.
 */
export function fromImageData({ width, height, data, colorSpace = "srgb" }: PixelData): RgbImage {
  if (data.BYTES_PER_ELEMENT !== 1 || colorSpace !== "srgb") {
    throw new ImageError(`Give 8-bit srgb, not ${8 * data.BYTES_PER_ELEMENT}-bit ${colorSpace}.`);
  }
  const area = width * height;
  if (data.length !== 4 * area) {
    throw new ImageError(`An ImageData of ${width}×${height} has ${4 * area} values; got ${data.length}.`);
  }
  const planes = new Float32Array(3 * area);
  for (let channel = 0; channel < 3; channel++) {
    for (let i = 0; i < area; i++) planes[channel * area + i] = (data[4 * i + channel] as number) / 255;
  }
  return rgbImage(width, height, planes);
}

/** The alpha of a canvas's pixels: `height · width` values in [0, 1], or undefined if all are opaque. */
export function alphaOf({ width, height, data }: PixelData): Float32Array | undefined {
  const alpha = new Float32Array(width * height);
  let least = 255;
  for (let i = 0; i < alpha.length; i++) {
    const value = data[4 * i + 3] as number;
    least = Math.min(least, value);
    alpha[i] = value / 255;
  }
  return least < 255 ? alpha : undefined;
}

/**
 * An image as pixels for a canvas, clamped and rounded to 8 bits. For browsers and workers: Node has no `ImageData`.
 * @param alpha `height · width` values in [0, 1]; opaque unless given.
 * @param rows all rows unless given.
 */
export function toImageData(
  { width, height, data }: RgbImage,
  alpha?: Float32Array,
  rows: Rows = { top: 0, height },
): ImageData {
  const pixels = new ImageData(width, rows.height);
  const area = width * height;
  for (let i = 0; i < rows.height * width; i++) {
    const source = rows.top * width + i;
    for (let channel = 0; channel < 3; channel++) {
      // The clamped array rounds.
      pixels.data[4 * i + channel] = 255 * (data[channel * area + source] as number);
    }
    pixels.data[4 * i + 3] = alpha ? 255 * (alpha[source] as number) : 255;
  }
  return pixels;
}
