import { readdir } from "node:fs/promises";
import { extname, join } from "node:path";
import { type BlurKernel, flipKernel } from "../model/blur-kernel.js";
import type { BenchmarkSetting } from "../model/degradation/benchmark.js";
import { FolderError, systemErrorCode } from "./errors.js";
import { readKernel } from "./kernel-files.js";

/** An image file and what it is called in a benchmark. */
export interface NamedImage {
  /** The file's name without its ending. */
  readonly name: string;
  readonly path: string;
}

/** A low-resolution image and the kernel that it was made with. */
export interface BenchmarkPair extends NamedImage {
  readonly kernelPath: string;
}

const IMAGE_ENDINGS = new Set([".png", ".jpg", ".jpeg", ".webp"]);

/** Best first: every published benchmark has MATLAB's format. */
const KERNEL_ENDINGS = [".mat", ".json"];

const SETTING_NAMES: Readonly<Record<BenchmarkSetting, string>> = {
  clean: "clean",
  "kernel-noise": "noise_ker",
  "image-noise": "noise_img",
};

/** Names of the folders that a benchmark has for low-resolution images and for kernels, as its authors chose them. */
export function benchmarkFolders(scale: 2 | 4, setting: BenchmarkSetting): { lr: string; kernels: string } {
  const ending = `x${scale}_${SETTING_NAMES[setting]}`;
  return { lr: `KernelGANFKP_lr_${ending}`, kernels: `KernelGANFKP_gt_k_${ending}` };
}

/**
 * The PNG, JPEG and WebP files of a folder, sorted by name.
 * @throws {FolderError} if the folder cannot be read or has none, or if two files differ in their ending only.
 */
export async function listImages(folder: string): Promise<NamedImage[]> {
  const files = await listFiles(folder, IMAGE_ENDINGS);
  if (files.length === 0) throw new FolderError(`${folder} holds no PNG, JPEG or WebP image.`);
  const byName = new Map<string, string>();
  for (const file of files) {
    const name = withoutEnding(file);
    const before = byName.get(name);
    if (before !== undefined) {
      throw new FolderError(`${folder}: ${before} and ${file} have one name, ${name}; rename one of them.`);
    }
    byName.set(name, file);
  }
  return [...byName].map(([name, file]) => ({ name, path: join(folder, file) }));
}

/**
 * The images of a folder with their kernels, `.mat` or `.json` files of the same names in another folder.
 * @throws {FolderError} if a folder cannot be read, or an image has no kernel, or a kernel no image.
 */
export async function findPairs(images: string, kernels: string): Promise<BenchmarkPair[]> {
  const found = await listImages(images);
  const kernelFiles = await listFiles(kernels, new Set(KERNEL_ENDINGS));
  const names = new Set(found.map(({ name }) => name));
  const kernelNames = new Set(kernelFiles.map(withoutEnding));
  const bare = found.filter(({ name }) => !kernelNames.has(name)).map(({ name }) => name);
  if (bare.length > 0) {
    throw new FolderError(`${kernels} has no kernel, .mat or .json, of ${bare.join(", ")}.`);
  }
  const lone = [...kernelNames].filter((name) => !names.has(name));
  if (lone.length > 0) throw new FolderError(`${images} has no image of ${lone.join(", ")}.`);
  return found.map((image) => {
    const files = kernelFiles.filter((file) => withoutEnding(file) === image.name);
    const rank = (file: string) => KERNEL_ENDINGS.indexOf(extname(file).toLowerCase());
    files.sort((a, b) => rank(a) - rank(b));
    return { ...image, kernelPath: join(kernels, files[0] as string) };
  });
}

/**
 * Reads a benchmark's kernel, in cross-correlation orientation whatever the file has.
 * @throws {KernelError} if the file cannot be read or holds no kernel of the scale.
 */
export async function readBenchmarkKernel(path: string, scale: 2 | 4): Promise<BlurKernel<"correlation">> {
  const kernel = await readKernel(path, scale);
  return kernel.orientation === "convolution"
    ? flipKernel(kernel as BlurKernel<"convolution">)
    : (kernel as BlurKernel<"correlation">);
}

/** Names of the files with one of the endings, sorted alike on every machine; hidden ones are none of the user's. */
async function listFiles(folder: string, endings: ReadonlySet<string>): Promise<string[]> {
  try {
    const entries = await readdir(folder, { withFileTypes: true });
    return entries
      .filter((entry) => !entry.isDirectory() && !entry.name.startsWith("."))
      .map(({ name }) => name)
      .filter((name) => endings.has(extname(name).toLowerCase()))
      .sort();
  } catch (cause) {
    throw new FolderError(`${folder} cannot be read: ${reasonOf(cause)}.`, { cause });
  }
}

function withoutEnding(file: string): string {
  return file.slice(0, -extname(file).length);
}

function reasonOf(error: unknown): string {
  switch (systemErrorCode(error)) {
    case "ENOENT":
      return "there is no such folder";
    case "ENOTDIR":
      return "it is no folder";
    case "EACCES":
    case "EPERM":
      return "permission denied";
    default:
      return error instanceof Error ? error.message : String(error);
  }
}
