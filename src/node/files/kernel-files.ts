import { readFile } from "node:fs/promises";
import { extname } from "node:path";
import sharp from "sharp";
import type { BlurKernel, Orientation } from "../../kernel/blur-kernel.js";
import { KernelError } from "../../kernel/errors.js";
import { decodeKernelJson, encodeKernelJson } from "../../kernel/formats/json.js";
import { decodeMat, encodeMat } from "../../kernel/formats/mat.js";
import { decodeNpy, encodeNpy } from "../../kernel/formats/npy.js";
import { writeFileAtomic } from "./atomic-write.js";
import { readFailure } from "./system-errors.js";

/** Side in pixels that a picture of a kernel comes close to. */
const PICTURE_SIDE = 352;

/** How far a kernel's sum may be from 1: the benchmarks' wide ×4 kernels, cut to 21×21, sum to as little as 0.988. */
const SUM_TOLERANCE = 0.05;

const ENCODERS: Record<string, (kernel: BlurKernel) => Promise<Uint8Array | string> | Uint8Array | string> = {
  ".npy": encodeNpy,
  ".mat": encodeMat,
  ".json": encodeKernelJson,
  ".png": encodePicture,
};

/**
 * Checks that a kernel can be written under a name, before the work of estimating it.
 * @throws {KernelError} if the name ends in none of .npy, .mat, .json and .png.
 */
export function checkKernelPath(path: string): void {
  encoderFor(path);
}

/**
 * Writes a kernel in the format that the file's ending names: `.npy` (float64), `.mat` (MATLAB level 5, variable
 * `Kernel`), `.json` (with its scale and orientation), or `.png` (a picture to look at, its maximum white).
 * @throws {KernelError} if the ending is none of these.
 * @throws {OutputError} if the file cannot be written.
 */
export async function writeKernel(path: string, kernel: BlurKernel): Promise<void> {
  const encode = encoderFor(path);
  await writeFileAtomic(path, await encode(kernel));
}

/**
 * Reads a kernel from a `.npy`, `.mat` or `.json` file. The first two formats say nothing about scale and
 * orientation, nor do the benchmarks' `.json` files.
 * @param scale downscaling factor that the kernel must belong to; default: what the `.json` file says.
 * @param orientation of a kernel whose file does not say it; default: the benchmarks', correlation.
 * @throws {KernelError} if the file cannot be read, or holds no square of finite values that sum to about 1.
 */
export async function readKernel(
  path: string,
  scale?: number,
  orientation: Orientation = "correlation",
): Promise<BlurKernel> {
  const bytes = await readBytes(path);
  let kernel: BlurKernel;
  try {
    kernel = await decode(path, bytes, scale, orientation);
    check(kernel, scale);
  } catch (error) {
    if (!(error instanceof KernelError)) throw error;
    throw new KernelError(`${path}: ${error.message}`, { cause: error });
  }
  return kernel;
}

function encoderFor(path: string) {
  const encode = ENCODERS[extname(path).toLowerCase()];
  if (encode) return encode;
  throw new KernelError(`${path}: a kernel is written as .npy, .mat, .json or .png.`);
}

async function readBytes(path: string): Promise<Buffer> {
  try {
    return await readFile(path);
  } catch (cause) {
    throw new KernelError(`${path} cannot be read: ${readFailure(cause)}.`, { cause });
  }
}

async function decode(
  path: string,
  bytes: Buffer,
  scale: number | undefined,
  orientation: Orientation,
): Promise<BlurKernel> {
  const ending = extname(path).toLowerCase();
  if (ending === ".json") return decodeKernelJson(bytes.toString("utf8"), scale, orientation);
  if (ending !== ".npy" && ending !== ".mat")
    throw new KernelError("A kernel is read from .npy, .mat or .json.");
  if (scale === undefined)
    throw new KernelError(`A ${ending} file does not say which scale its kernel is for.`);
  const matrix = ending === ".npy" ? decodeNpy(bytes) : await decodeMat(bytes);
  return { ...matrix, scale, orientation };
}

function check(kernel: BlurKernel, scale: number | undefined): void {
  if (scale !== undefined && kernel.scale !== scale) {
    throw new KernelError(`The kernel is for ×${kernel.scale}, not ×${scale}.`);
  }
  if (!kernel.values.every(Number.isFinite))
    throw new KernelError("The kernel has values that are not finite.");
  const sum = kernel.values.reduce((total, value) => total + value, 0);
  if (Math.abs(sum - 1) > SUM_TOLERANCE) {
    throw new KernelError(`A blur kernel sums to 1; this one sums to ${Number(sum.toPrecision(4))}.`);
  }
}

/** An 8-bit gray PNG, every value a square of pixels, from black for 0 and below to white for the maximum. */
async function encodePicture({ size, values }: BlurKernel): Promise<Uint8Array> {
  const largest = values.reduce((most, value) => Math.max(most, value), 0);
  const gray = Uint8Array.from(values, (value) => (value > 0 ? Math.round((255 * value) / largest) : 0));
  const side = size * Math.max(1, Math.round(PICTURE_SIDE / size));
  return sharp(gray, { raw: { width: size, height: size, channels: 1 } })
    .resize(side, side, { kernel: "nearest" })
    .toColorspace("b-w")
    .png()
    .toBuffer();
}
