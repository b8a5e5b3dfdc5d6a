import { extname } from "node:path";
import sharp from "sharp";
import type { BlurKernel, Orientation } from "../../kernel/blur-kernel.js";
import { KernelError } from "../../kernel/errors.js";
import { decodeKernel, encodeKernel, kernelFormatOf } from "../../kernel/formats/kernel-format.js";
import { kernelBrightness, pictureUnit } from "../../kernel/kernel-brightness.js";
import { writeFileAtomic } from "./atomic-write.js";
import { readRegularFile } from "./read-file.js";
import { readFailure } from "./system-errors.js";

/** A kernel of 255×255 values has 0.5 MB as numbers and 1.6 MB as text. */
const MAX_FILE_BYTES = 4_000_000;

/**
 * Checks that a kernel can be written under a name, before the work of estimating it.
 * @throws {KernelError} if the name does not end in .npy, .mat, .json or .png.
 */
export function checkKernelPath(path: string): void {
  if (kernelFormatOf(path) || isPicture(path)) return;
  throw new KernelError(`${path}: a kernel is written as .npy, .mat, .json or .png.`);
}

/**
 * Writes a kernel in the format that the file's ending names: see {@link encodeKernel}, or `.png` for a picture of the
 * kernel, its maximum white.
 * @throws {KernelError} if the name has another ending.
 * @throws {OutputError} if the file cannot be written.
 */
export async function writeKernel(path: string, kernel: BlurKernel): Promise<void> {
  checkKernelPath(path);
  const format = kernelFormatOf(path);
  await writeFileAtomic(path, format ? encodeKernel(kernel, format) : await encodePicture(kernel));
}

/**
 * Reads a kernel from a `.npy`, `.mat` or `.json` file; see {@link decodeKernel}.
 * @throws {KernelError} if the file cannot be read, or as {@link decodeKernel} does.
 */
export async function readKernel(
  path: string,
  scale?: number,
  orientation?: Orientation,
): Promise<BlurKernel> {
  const bytes = await readBytes(path);
  try {
    return await decodeKernel(bytes, path, { scale, orientation });
  } catch (error) {
    if (!(error instanceof KernelError)) throw error;
    throw new KernelError(`${path}: ${error.message}`, { cause: error });
  }
}

function isPicture(path: string): boolean {
  return extname(path).toLowerCase() === ".png";
}

async function readBytes(path: string): Promise<Buffer> {
  try {
    return await readRegularFile(path, MAX_FILE_BYTES);
  } catch (cause) {
    throw new KernelError(`${path} cannot be read: ${readFailure(cause)}.`, { cause });
  }
}

/** An 8-bit gray PNG, every value a square of pixels, from black for 0 and below to white for the maximum. */
async function encodePicture(kernel: BlurKernel): Promise<Uint8Array> {
  const { size } = kernel;
  const gray = Uint8Array.from(kernelBrightness(kernel), (value) => Math.round(255 * value));
  const side = size * pictureUnit(kernel);
  return sharp(gray, { raw: { width: size, height: size, channels: 1 } })
    .resize(side, side, { kernel: "nearest" })
    .toColorspace("b-w")
    .png()
    .toBuffer();
}
