import { realFft2dForward } from "../engine/ops/fft/fft.js";
import type { Tape } from "../engine/recording/tape.js";
import type { Tensor } from "../engine/tensors/tensor.js";
import { wrap } from "../image/wrap.js";
import { asCorrelation, type BlurKernel } from "./blur-kernel.js";

/**
 * The optical transfer function of a blur kernel (MATLAB's `psf2otf`): a half spectrum [1, height, ⌊width / 2⌋ + 1, 2]. The
 * product of an image's spectrum with it is the spectrum of the circularly blurred image.
 */
export function psfToOtf(tape: Tape, kernel: BlurKernel, height: number, width: number): Tensor {
  const psf = tape.constant(wrappedPsf(kernel, height, width), "kernel");
  return realFft2dForward(tape, psf.reshape([1, height, width]));
}

/**
 * A blur kernel on the grid of an image [height, width], centered on the first pixel. The degradation's cross-correlation
 * with circular padding of ⌊m / 2⌋ is a product with its spectrum. A kernel larger than the image wraps around.
 */
export function wrappedPsf(kernel: BlurKernel, height: number, width: number): Float32Array {
  const { size, values } = asCorrelation(kernel);
  const middle = Math.floor(size / 2);
  const grid = new Float32Array(height * width);
  values.forEach((value, i) => {
    const row = wrap(middle - Math.floor(i / size), height);
    const place = row * width + wrap(middle - (i % size), width);
    grid[place] = (grid[place] as number) + value;
  });
  return grid;
}
