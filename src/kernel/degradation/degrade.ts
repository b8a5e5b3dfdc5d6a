import type { RandomStream } from "../../engine/random.js";
import { ImageError } from "../../image/errors.js";
import { type RgbImage, rgbImage } from "../../image/rgb-image.js";
import { wrap } from "../../image/wrap.js";
import type { BlurKernel } from "../blur-kernel.js";

export interface DegradeOptions {
  /** Gaussian noise added to every value of the result. */
  readonly noise?: {
    /** Standard deviation on the scale of the image, [0, 1]. */
    readonly sigma: number;
    readonly random: RandomStream;
  };
}

/**
 * Makes a low-resolution image as a camera would: `(image ⋆ kernel) ↓scale + noise` (MetaKernelGAN, Eq. 1), where ⋆
 * is cross-correlation that wraps around at the borders and ↓ keeps rows and columns 0, scale, 2·scale, ….
 * The image is cropped at the right and bottom to a multiple of the scale first. Values are not clipped.
 * @throws {ImageError} if the scale is no positive integer or larger than the image.
 */
export function degrade(
  image: RgbImage,
  kernel: BlurKernel<"correlation">,
  scale: number,
  { noise }: DegradeOptions = {},
): RgbImage {
  if (!Number.isInteger(scale) || scale < 1 || scale > Math.min(image.width, image.height)) {
    throw new ImageError(`An image of ${image.width}×${image.height} cannot be downscaled by ${scale}.`);
  }
  const width = Math.floor(image.width / scale);
  const height = Math.floor(image.height / scale);
  const data = new Float32Array(3 * width * height);
  const sums = new Float64Array(width);
  for (let channel = 0; channel < 3; channel++) {
    const plane = image.data.subarray(
      channel * image.width * image.height,
      (channel + 1) * image.width * image.height,
    );
    for (let y = 0; y < height; y++) {
      correlateRow(sums, plane, image.width, width * scale, height * scale, y * scale, kernel, scale);
      data.set(sums, (channel * height + y) * width);
    }
  }
  if (noise) {
    for (let i = 0; i < data.length; i++) data[i] += noise.sigma * noise.random.normal();
  }
  return rgbImage(width, height, data);
}

/** Every `scale`-th value of one row of the circular cross-correlation of the plane's top-left width × height. */
function correlateRow(
  sums: Float64Array,
  plane: Float32Array,
  pitch: number,
  width: number,
  height: number,
  row: number,
  { size, values }: BlurKernel<"correlation">,
  scale: number,
): void {
  const half = Math.floor(size / 2);
  const line = new Float64Array(width + size - 1);
  sums.fill(0);
  for (let r = 0; r < size; r++) {
    const start = wrap(row + r - half, height) * pitch;
    for (let i = 0; i < half; i++) line[i] = plane[start + wrap(i - half, width)];
    line.set(plane.subarray(start, start + width), half);
    for (let i = half + width; i < line.length; i++) line[i] = plane[start + wrap(i - half, width)];
    for (let c = 0; c < size; c++) {
      const weight = values[r * size + c];
      for (let x = 0, i = c; x < sums.length; x++, i += scale) sums[x] += weight * line[i];
    }
  }
}
