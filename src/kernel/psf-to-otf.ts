import { realFft2d } from "../engine/ops/fft/fft.js";
import type { Tape } from "../engine/recording/tape.js";
import type { Tensor } from "../engine/tensors/tensor.js";
import type { BlurKernel } from "./blur-kernel.js";

/**
 * The optical transfer function of a blur kernel (MATLAB's `psf2otf`): the half spectrum [1, height, ⌊width / 2⌋ + 1, 2] by which a
 * spectrum is multiplied to blur its image circularly.
 */
export function psfToOtf(tape: Tape, kernel: BlurKernel, height: number, width: number): Tensor {
  const psf = tape.constant(wrappedPsf(kernel, height, width), "blur kernel");
  return realFft2d(tape, psf.reshape([1, height, width]));
}

/**
 * A blur kernel as an image [height, width] whose spectrum is that of the blur: the degradation's cross-correlation with
 * circular padding of ⌊m / 2⌋ is a product with it. A kernel larger than the image goes around it.
 */
export function wrappedPsf(
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
