import { type BlurKernel, blurKernel } from "../blur-kernel.js";
import { KernelError } from "../errors.js";
import { shiftKernel } from "../kernel-shift.js";
import { normalizeKernel } from "../normalize-kernel.js";

/**
 * The kernel that blurs once for ×4 as a ×2 kernel does twice: with its copy on every second pixel, cropped to
 * `2m − 1` on a side, sum 1, not yet centered.
 * @throws {KernelError} if the kernel is not for ×2 or its side is even.
 */
export function uncenteredX4Kernel({
  size,
  scale,
  values,
}: BlurKernel<"correlation">): BlurKernel<"correlation"> {
  if (scale !== 2 || size % 2 === 0) {
    throw new KernelError(
      `A ×4 kernel comes from a ×2 kernel with an odd side; got ×${scale}, side ${size}.`,
    );
  }
  const full = 3 * size - 2;
  const grid = new Float64Array(full * full);
  for (let r = 0; r < size; r++) {
    for (let c = 0; c < size; c++) {
      const weight = values[r * size + c];
      for (let i = 0; i < size; i++) {
        for (let j = 0; j < size; j++) {
          grid[(2 * r + i) * full + 2 * c + j] += weight * values[i * size + j];
        }
      }
    }
  }
  const crop = Math.floor(size / 2);
  const side = full - 2 * crop;
  const cropped = Float64Array.from(
    { length: side * side },
    (_, i) => grid[(Math.floor(i / side) + crop) * full + (i % side) + crop],
  );
  return normalizeKernel(blurKernel(cropped, 4));
}

/**
 * The ×4 kernel (21×21 from 11×11) that follows from a ×2 kernel, centered. As in the authors' figures it is not
 * divided by its sum again after the shift, so that what leaves the grid is lost (up to 1 % for wide kernels).
 * @throws {KernelError} if the kernel is not for ×2 or its side is even.
 */
export function x4Kernel(kernel: BlurKernel<"correlation">): BlurKernel<"correlation"> {
  const { values, size, scale } = uncenteredX4Kernel(kernel);
  return blurKernel(shiftKernel(values, size, scale), scale);
}
