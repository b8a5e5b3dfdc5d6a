import { KernelError } from "./errors.js";

/**
 * The operation for which a blur kernel's rows and columns are written. The paper, its benchmarks and this package estimate
 * cross-correlation kernels; USRNet, ZSSR and MATLAB's `imfilter(…, 'conv')` want them flipped.
 */
export type Orientation = "correlation" | "convolution";

/** The longest side of a kernel that is read or given: the widest of a benchmark has 21, of a motion blur about 100. */
export const MAX_KERNEL_SIDE = 255;

/** A square blur kernel. */
export interface BlurKernel<O extends Orientation = Orientation> {
  /** Side length in pixels of the high-resolution grid: 11 for ×2, 21 for ×4. */
  readonly size: number;
  /** Downscaling factor that the kernel belongs to. */
  readonly scale: number;
  readonly orientation: O;
  /** `size²` values, row by row. */
  readonly values: Float64Array;
}

/**
 * Makes a cross-correlation kernel.
 * @throws {KernelError} if the values are not a square of finite numbers.
 */
export function blurKernel(values: ArrayLike<number>, scale: number): BlurKernel<"correlation"> {
  const size = Math.round(Math.sqrt(values.length));
  if (size === 0 || size * size !== values.length) {
    throw new KernelError(`A blur kernel must be square; got ${values.length} values.`);
  }
  const copy = Float64Array.from(values);
  if (!copy.every(Number.isFinite)) throw new KernelError("The blur kernel has values that are not finite.");
  return { size, scale, orientation: "correlation", values: copy };
}

/** The same kernel for the other operation: flipped on both axes. */
export function flipKernel(kernel: BlurKernel<"correlation">): BlurKernel<"convolution">;
export function flipKernel(kernel: BlurKernel<"convolution">): BlurKernel<"correlation">;
export function flipKernel(kernel: BlurKernel): BlurKernel {
  const orientation = kernel.orientation === "correlation" ? "convolution" : "correlation";
  return { ...kernel, orientation, values: kernel.values.slice().reverse() };
}

/** The kernel for cross-correlation. */
export function asCorrelation(kernel: BlurKernel): BlurKernel<"correlation"> {
  return kernel.orientation === "correlation"
    ? (kernel as BlurKernel<"correlation">)
    : flipKernel(kernel as BlurKernel<"convolution">);
}

/** The kernel as nested rows. */
export function kernelRows(kernel: BlurKernel): number[][] {
  return Array.from({ length: kernel.size }, (_, row) =>
    Array.from(kernel.values.subarray(row * kernel.size, (row + 1) * kernel.size)),
  );
}
