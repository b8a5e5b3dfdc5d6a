import type { BlurKernel, Orientation } from "../blur-kernel.js";
import { KernelError } from "../errors.js";
import { kernelOffset } from "../kernel-offset.js";
import { kernelSum } from "../normalize-kernel.js";
import { decodeKernelJson, encodeKernelJson } from "./json.js";
import { decodeMat, encodeMat } from "./mat.js";
import { decodeNpy, encodeNpy } from "./npy.js";

/** The formats of kernel files, by the names' endings. */
export const KERNEL_FORMATS = ["npy", "mat", "json"] as const;

export type KernelFormat = (typeof KERNEL_FORMATS)[number];

/** Values with a smaller sum are no blur, and cannot be divided by it. */
const MIN_SUM = 0.01;

/** The absolute values of a blur sum to its sum, or to some ten times that if it sharpens; large values that cancel each other are none. */
const MAX_ABSOLUTE_SUM = 100;

/** What a caller knows about a kernel file that the file itself may not say. */
export interface DecodeKernelOptions {
  /** Downscaling factor that the kernel must have; unless given, a `.json` file must name it. */
  readonly scale?: number;
  /** Orientation of a kernel whose file names none; "correlation" unless given, as in the benchmarks. */
  readonly orientation?: Orientation;
}

/**
 * Encodes a kernel file: `npy` (NumPy, float64), `mat` (MATLAB level 5, variable `Kernel`), or `json` (with scale and
 * orientation).
 * @throws {KernelError} for another format.
 */
export function encodeKernel(kernel: BlurKernel, format: KernelFormat): Uint8Array {
  if (format === "json") return new TextEncoder().encode(encodeKernelJson(kernel));
  if (format === "npy") return encodeNpy(kernel);
  if (format === "mat") return encodeMat(kernel);
  throw new KernelError(`A kernel is written as npy, mat or json; got ${format}.`);
}

/**
 * Decodes a kernel file. `.npy` and `.mat` files name neither scale nor orientation, nor do the benchmarks' `.json` files.
 * @param name the file's name; its ending names the format.
 * @throws {KernelError} if the file is damaged, of another format or for another scale, or if it does not hold a square of
 *   finite values with a sum above 0.01, hardly cancel each other, and have their center of mass within it.
 */
export async function decodeKernel(
  bytes: Uint8Array,
  name: string,
  { scale, orientation = "correlation" }: DecodeKernelOptions = {},
): Promise<BlurKernel> {
  const format = kernelFormatOf(name);
  if (!format) throw new KernelError("A kernel is read from a .npy, .mat or .json file.");
  const kernel = await decode(bytes, format, scale, orientation);
  if (scale !== undefined && kernel.scale !== scale) {
    throw new KernelError(
      `The kernel is for ×${kernel.scale}, not ×${scale}; give that scale, or another kernel.`,
    );
  }
  if (!kernel.values.every(Number.isFinite)) {
    throw new KernelError("The kernel has values that are not finite.");
  }
  const sum = kernelSum(kernel);
  if (!(sum >= MIN_SUM && sum <= Number.MAX_VALUE)) {
    throw new KernelError(`A blur kernel sums to about 1; this one sums to ${Number(sum.toPrecision(4))}.`);
  }
  const absolute = kernel.values.reduce((total, value) => total + Math.abs(value) / sum, 0);
  if (absolute > MAX_ABSOLUTE_SUM) {
    throw new KernelError(
      `The kernel's values cancel each other: without their signs they sum to ${Math.round(absolute)} times their sum; give a blur, at most ${MAX_ABSOLUTE_SUM} times.`,
    );
  }
  // It throws if the center of mass lies outside.
  kernelOffset(kernel);
  return kernel;
}

/** The format that a file's ending names, if any. */
export function kernelFormatOf(name: string): KernelFormat | undefined {
  return KERNEL_FORMATS.find((format) => name.toLowerCase().endsWith(`.${format}`));
}

async function decode(
  bytes: Uint8Array,
  format: KernelFormat,
  scale: number | undefined,
  orientation: Orientation,
): Promise<BlurKernel> {
  if (format === "json") return decodeKernelJson(new TextDecoder().decode(bytes), scale, orientation);
  if (scale === undefined) {
    throw new KernelError(`A .${format} file does not say which scale its kernel is for; give the scale.`);
  }
  const matrix = format === "npy" ? decodeNpy(bytes) : await decodeMat(bytes);
  return { ...matrix, scale, orientation };
}
