import { KERNEL_EXTENT } from "../../model/gan/generator.js";

const TAPS = 8;
const FIRST = 1;

/**
 * The kernel of bicubic downscaling by two, widened against aliasing: 8×8 values within 11×11, around the same center,
 * 4.5, as an estimated kernel; row by row, sum 1.
 */
export function bicubicKernel(): Float32Array {
  const line = new Float64Array(KERNEL_EXTENT);
  for (let i = 0; i < TAPS; i++) line[FIRST + i] = cubic((i - (TAPS - 1) / 2) / 2) / 2;
  return Float32Array.from(
    { length: KERNEL_EXTENT ** 2 },
    (_, i) => line[Math.floor(i / KERNEL_EXTENT)] * line[i % KERNEL_EXTENT],
  );
}

/** The cubic convolution kernel with a = −½ (Keys 1981). */
function cubic(x: number): number {
  const t = Math.abs(x);
  if (t <= 1) return 1.5 * t ** 3 - 2.5 * t ** 2 + 1;
  if (t < 2) return -0.5 * t ** 3 + 2.5 * t ** 2 - 4 * t + 2;
  return 0;
}
