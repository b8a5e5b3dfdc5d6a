import { type RgbImage, rgbImage } from "../../image/rgb-image.js";
import { transposeImage } from "../../image/transpose-image.js";
import { transposed } from "../../kernel/align-kernel.js";
import { asCorrelation, type BlurKernel } from "../../kernel/blur-kernel.js";
import { moveKernel } from "../../kernel/move-kernel.js";

/** An image mirrored left to right, transposed, or first the one and then the other. */
export interface Orientation {
  readonly mirrors: boolean;
  readonly transposes: boolean;
}

export const ORIENTATIONS: readonly Orientation[] = [
  { mirrors: false, transposes: false },
  { mirrors: true, transposes: false },
  { mirrors: false, transposes: true },
  { mirrors: true, transposes: true },
];

export function turnedImage(image: RgbImage, { mirrors, transposes }: Orientation): RgbImage {
  const seen = mirrors ? mirrored(image) : image;
  return transposes ? transposeImage(seen) : seen;
}

/** Undoes {@link turnedImage}. */
export function turnedBack(image: RgbImage, { mirrors, transposes }: Orientation): RgbImage {
  const seen = transposes ? transposeImage(image) : image;
  return mirrors ? mirrored(seen) : seen;
}

/**
 * The kernel that blurs a turned large image as the given one blurs the large image: small pixel `i` of a mirrored image was pixel
 * `w − 1 − i`, and so a value `t` columns right of large pixel `s·i` lies at `s − 1 − t`.
 */
export function turnedKernel(
  kernel: BlurKernel,
  scale: number,
  { mirrors, transposes }: Orientation,
): BlurKernel<"correlation"> {
  let turned = asCorrelation(kernel);
  if (mirrors) {
    const { size } = turned;
    const values = turned.values.map((_, i) => turned.values[i - 2 * (i % size) + size - 1]);
    // The middle of an even side is not where its mirror image has it.
    turned = moveKernel({ ...turned, values }, 0, scale - (size % 2));
  }
  return transposes ? { ...turned, values: transposed(turned.values, turned.size) } : turned;
}

function mirrored({ width, height, data }: RgbImage): RgbImage {
  return rgbImage(
    width,
    height,
    data.map((_, i) => data[i - 2 * (i % width) + width - 1]),
  );
}
