import type { BlurKernel } from "../blur-kernel.js";

/**
 * A blur kernel as an image [height, width] whose spectrum is that of the blur: the degradation's cross-correlation with
 * circular padding of ⌊m / 2⌋ is a product with it. A kernel larger than the image goes around it.
 */
export function blurOnGrid(
  { size, orientation, values }: BlurKernel,
  height: number,
  width: number,
): Float32Array {
  const middle = Math.floor(size / 2);
  const wrap = (place: number, period: number): number => ((place % period) + period) % period;
  const grid = new Float32Array(height * width);
  values.forEach((value, i) => {
    // A convolution's kernel is the correlation's read backwards.
    const tap = orientation === "correlation" ? i : values.length - 1 - i;
    const row = wrap(middle - Math.floor(tap / size), height);
    const place = row * width + wrap(middle - (tap % size), width);
    grid[place] = (grid[place] as number) + value;
  });
  return grid;
}
