import { wrap } from "../../image/wrap.js";
import type { BlurKernel } from "../../kernel/blur-kernel.js";

/** Sizes of {@link reblurBeyond}. */
export interface BorderSizes {
  /** Height and width of the pixels that are given. */
  readonly inner: readonly [number, number];
  /** Height and width with those beyond the border. */
  readonly extended: readonly [number, number];
  readonly scale: number;
}

/**
 * Replaces what lies beyond the border of planes [3, h, w] by what the kernel makes of a large image [3, s · h, s · w], which wraps
 * around; returns a copy. Repeated with closed-form upscalings, it continues the image so that it can have been blurred by the
 * kernel: a continuation that cannot would ring where the kernel lets little through.
 */
export function reblurBeyond(
  planes: Float32Array,
  large: Float32Array,
  { size, values }: BlurKernel<"correlation">,
  { inner, extended, scale }: BorderSizes,
): Float32Array {
  const [h, w] = extended;
  const [height, width] = [h * scale, w * scale];
  const half = Math.floor(size / 2);
  const taps = Array.from(values, (value, i) => ({
    value,
    down: Math.floor(i / size) - half,
    right: (i % size) - half,
  })).filter(({ value }) => value !== 0);
  const result = planes.slice();
  for (let y = 0; y < h; y++) {
    for (let x = y < inner[0] ? inner[1] : 0; x < w; x++) {
      for (let plane = 0; plane < 3; plane++) {
        let sum = 0;
        for (const { value, down, right } of taps) {
          const row = plane * height + wrap(y * scale + down, height);
          sum += value * large[row * width + wrap(x * scale + right, width)];
        }
        result[(plane * h + y) * w + x] = sum;
      }
    }
  }
  return result;
}
