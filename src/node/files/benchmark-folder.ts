import { extname, join } from "node:path";
import { type BlurKernel, flipKernel } from "../../kernel/blur-kernel.js";
import type { BenchmarkSetting } from "../../kernel/degradation/benchmark.js";
import { FolderError } from "../errors.js";
import { listFiles, listImages, type NamedImage, withoutEnding } from "../image-io/image-folder.js";
import { readKernel } from "./kernel-files.js";

/** A low-resolution image and the kernel that it was made with. */
export interface BenchmarkPair extends NamedImage {
  readonly kernelPath: string;
}

/** Best first: every published benchmark has MATLAB's format. */
const KERNEL_ENDINGS = [".mat", ".json"];

const SETTING_NAMES: Readonly<Record<BenchmarkSetting, string>> = {
  clean: "clean",
  "kernel-noise": "noise_ker",
  "image-noise": "noise_img",
  motion: "motion",
  disk: "disk",
  "jpeg-90": "jpeg_90",
  "jpeg-70": "jpeg_70",
  camera: "camera",
};

/** Names of a benchmark's folders for low-resolution images and kernels, as its authors chose them. */
export function benchmarkFolders(scale: 2 | 4, setting: BenchmarkSetting): { lr: string; kernels: string } {
  const ending = `x${scale}_${SETTING_NAMES[setting]}`;
  return { lr: `KernelGANFKP_lr_${ending}`, kernels: `KernelGANFKP_gt_k_${ending}` };
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
 * The high-resolution images of these names, in their order.
 * @throws {FolderError} if the folder cannot be read, or lacks one.
 */
export async function findTrueImages(names: readonly string[], folder: string): Promise<string[]> {
  const found = new Map((await listImages(folder)).map(({ name, path }) => [name, path]));
  const missing = names.filter((name) => !found.has(name));
  if (missing.length > 0) throw new FolderError(`${folder} has no image of ${missing.join(", ")}.`);
  return names.map((name) => found.get(name) as string);
}

/**
 * Reads a benchmark's kernel and turns it to cross-correlation orientation, whatever the file's.
 * @throws {KernelError} if the file cannot be read or holds no kernel of the scale.
 */
export async function readBenchmarkKernel(path: string, scale: 2 | 4): Promise<BlurKernel<"correlation">> {
  const kernel = await readKernel(path, scale);
  return kernel.orientation === "convolution"
    ? flipKernel(kernel as BlurKernel<"convolution">)
    : (kernel as BlurKernel<"correlation">);
}
