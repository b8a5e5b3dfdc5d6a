import { ImageError } from "../../image/errors.js";
import { type RgbImage, rgbImage } from "../../image/rgb-image.js";

/** Pixels of the small image; twice as many on a side must still fit into memory. */
const MAX_PIXELS = 25_000_000;

/** An image file in memory. */
export interface DecodedImage {
  readonly image: RgbImage;
  /** `height · width` values, 1 opaque; absent where all are. */
  readonly alpha?: Float32Array;
  readonly bitmap: ImageBitmap;
  readonly notes: readonly string[];
}

/**
 * Reads an image file by the browser's own means: upright, and in sRGB.
 * @throws {ImageError} if it is none, or too large.
 */
export async function decodeImage(file: Blob, name: string): Promise<DecodedImage> {
  let bitmap: ImageBitmap;
  try {
    bitmap = await createImageBitmap(file, { imageOrientation: "from-image", premultiplyAlpha: "none" });
  } catch (cause) {
    throw new ImageError(
      `${name} is not a picture that this browser can read. Choose a PNG, JPEG, WebP or AVIF file.`,
      { cause },
    );
  }
  const { width, height } = bitmap;
  if (width * height > MAX_PIXELS) {
    bitmap.close();
    throw new ImageError(
      `${name} has ${Math.ceil((width * height) / 1e6)} megapixels, and this page takes at most ${MAX_PIXELS / 1e6}. Choose a smaller picture, or cut out the part that matters.`,
    );
  }
  const pixels = readPixels(bitmap);
  return { ...toPlanes(pixels), bitmap, notes: await notesOn(file, name) };
}

function readPixels(bitmap: ImageBitmap): ImageData {
  const canvas = new OffscreenCanvas(bitmap.width, bitmap.height);
  const context = canvas.getContext("2d", { willReadFrequently: true });
  if (!context)
    throw new ImageError("This browser has no memory left for the picture. Choose a smaller one.");
  context.drawImage(bitmap, 0, 0);
  return context.getImageData(0, 0, bitmap.width, bitmap.height);
}

function toPlanes({ width, height, data }: ImageData): { image: RgbImage; alpha?: Float32Array } {
  const plane = width * height;
  const planes = new Float32Array(3 * plane);
  const alpha = new Float32Array(plane);
  let opaque = true;
  for (let i = 0; i < plane; i++) {
    for (let channel = 0; channel < 3; channel++) {
      planes[channel * plane + i] = (data[4 * i + channel] as number) / 255;
    }
    const value = data[4 * i + 3] as number;
    alpha[i] = value / 255;
    if (value < 255) opaque = false;
  }
  const image = rgbImage(width, height, planes);
  return opaque ? { image } : { image, alpha };
}

/** A canvas has 8 bits a sample; a PNG says in byte 24 how many the file has. */
async function notesOn(file: Blob, name: string): Promise<string[]> {
  const head = new Uint8Array(await file.slice(0, 25).arrayBuffer());
  const isPng = [0x89, 0x50, 0x4e, 0x47].every((byte, i) => head[i] === byte);
  return isPng && head[24] === 16
    ? [`${name} has 16 bits a sample, of which the browser gives 8; the command line keeps them all.`]
    : [];
}
