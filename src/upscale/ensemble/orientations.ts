import { type RgbImage, rgbImage } from "../../image/rgb-image.js";
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
  return transposes ? transposed(seen) : seen;
}

/** Undoes {@link turnedImage}. */
export function turnedBack(image: RgbImage, { mirrors, transposes }: Orientation): RgbImage {
  const seen = transposes ? transposed(image) : image;
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
  const { size } = turned;
  const at = (place: (row: number, column: number) => number): Float64Array =>
    turned.values.map((_, i) => turned.values[place(Math.floor(i / size), i % size)]);
  if (mirrors) {
    const values = at((row, column) => row * size + size - 1 - column);
    // The middle of an even side is not where its mirror image has it.
    turned = moveKernel({ ...turned, values }, 0, scale - (size % 2));
  }
  if (!transposes) return turned;
  const side = turned.size;
  return {
    ...turned,
    values: turned.values.map((_, i) => turned.values[(i % side) * side + Math.floor(i / side)]),
  };
}

function mirrored({ width, height, data }: RgbImage): RgbImage {
  return rgbImage(
    width,
    height,
    data.map((_, i) => data[i - 2 * (i % width) + width - 1]),
  );
}

function transposed({ width, height, data }: RgbImage): RgbImage {
  const turned = new Float32Array(data.length);
  for (let plane = 0; plane < 3; plane++) {
    const start = plane * width * height;
    for (let y = 0; y < height; y++) {
      for (let x = 0; x < width; x++) turned[start + x * height + y] = data[start + y * width + x];
    }
  }
  return rgbImage(height, width, turned);
}
