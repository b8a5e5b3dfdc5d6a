import { extname, join } from "node:path";
import { asCorrelation, type BlurKernel } from "../../kernel/blur-kernel.js";
import type { BenchmarkSetting } from "../../kernel/degradation/benchmark.js";
import { KernelError } from "../../kernel/errors.js";
import { kernelSum } from "../../kernel/normalize-kernel.js";
import { FolderError } from "../errors.js";
import { readKernel } from "../files/kernel-files.js";
import { listFiles, listImages, type NamedImage, withoutEnding } from "./image-folder.js";

/** The folder of the true images, within that of a benchmark. */
export const HR_FOLDER = "HR";

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
  defocus: "defocus",
  shake: "shake",
  divkrk: "divkrk",
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
 * The images of a folder with their kernels, `.mat` or `.json` files in another folder: of the same names, or else of the same
 * numbers at the end, such as `im_1` and `kernel_1`.
 * @throws {FolderError} if a folder cannot be read, or an image has no kernel, or a kernel no image.
 */
export async function findPairs(images: string, kernels: string): Promise<BenchmarkPair[]> {
  const found = await listImages(images);
  const kernelFiles = await listFiles(kernels, new Set(KERNEL_ENDINGS));
  const kernelNames = [...new Set(kernelFiles.map(withoutEnding))];
  const names = found.map(({ name }) => name);
  const kernelOf = matchNames(names, kernelNames);
  const bare = names.filter((name) => !kernelOf.has(name));
  if (bare.length > 0) {
    throw new FolderError(`${kernels} has no kernel, .mat or .json, of ${bare.join(", ")}.`);
  }
  const used = new Set(kernelOf.values());
  const lone = kernelNames.filter((name) => !used.has(name));
  if (lone.length > 0) throw new FolderError(`${images} has no image of ${lone.join(", ")}.`);
  return found.map((image) => {
    const files = kernelFiles.filter((file) => withoutEnding(file) === kernelOf.get(image.name));
    const rank = (file: string) => KERNEL_ENDINGS.indexOf(extname(file).toLowerCase());
    files.sort((a, b) => rank(a) - rank(b));
    return { ...image, kernelPath: join(kernels, files[0] as string) };
  });
}

/**
 * The high-resolution images of these names, or else of the same numbers at the end, such as `img_1_gt` of `im_1`, in their order.
 * @throws {FolderError} if the folder cannot be read, or lacks one.
 */
export async function findTrueImages(names: readonly string[], folder: string): Promise<string[]> {
  const found = new Map((await listImages(folder)).map(({ name, path }) => [name, path]));
  const trueNameOf = matchNames(names, [...found.keys()]);
  const missing = names.filter((name) => !trueNameOf.has(name));
  if (missing.length > 0) throw new FolderError(`${folder} has no image of ${missing.join(", ")}.`);
  return names.map((name) => found.get(trueNameOf.get(name) as string) as string);
}

/** The partner of each name: the same name, else the only one that is left with the same number. */
function matchNames(names: readonly string[], partners: readonly string[]): Map<string, string> {
  const matches = new Map(names.filter((name) => partners.includes(name)).map((name) => [name, name]));
  const rest = partners.filter((name) => !matches.has(name));
  const bare = names.filter((name) => !matches.has(name));
  for (const name of bare) {
    const isSame = (other: string): boolean => numberOf(other) === numberOf(name);
    const others = rest.filter(isSame);
    if (numberOf(name) !== undefined && others.length === 1 && bare.filter(isSame).length === 1) {
      matches.set(name, others[0]);
    }
  }
  return matches;
}

/** The number in DIV2KRK's names: `im_1`, `kernel_1`, `img_1_gt`. */
function numberOf(name: string): number | undefined {
  const digits = /^(?:im|img|image|kernel|k)_(\d+)(?:_gt)?$/i.exec(name)?.[1];
  return digits === undefined ? undefined : Number(digits);
}

/** Allowed distance of a benchmark's kernel's sum from 1: wide ×4 kernels, cut to 21×21, sum to as little as 0.988. */
const SUM_TOLERANCE = 0.05;

/**
 * Reads a benchmark's kernel and turns it to cross-correlation orientation, whatever the file's.
 * @throws {KernelError} if the file cannot be read or holds no kernel of the scale.
 */
export async function readBenchmarkKernel(path: string, scale: 2 | 4): Promise<BlurKernel<"correlation">> {
  const kernel = await readKernel(path, scale);
  const sum = kernelSum(kernel);
  if (Math.abs(sum - 1) > SUM_TOLERANCE) {
    throw new KernelError(
      `${path}: a benchmark's kernel sums to about 1; this one sums to ${Number(sum.toPrecision(4))}.`,
    );
  }
  return asCorrelation(kernel);
}
