import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { blurKernel, flipKernel, kernelRows } from "../../../src/kernel/blur-kernel.js";
import { FolderError } from "../../../src/node/errors.js";
import { writeKernel } from "../../../src/node/files/kernel-files.js";
import {
  benchmarkFolders,
  findPairs,
  findTrueImages,
  readBenchmarkKernel,
} from "../../../src/node/image-io/benchmark-folder.js";

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "metakernelgan-test-"));
});

afterAll(() => rm(folder, { recursive: true }));

const KERNEL = blurKernel(
  Array.from({ length: 121 }, (_, index) => (index + 1) / 7381),
  2,
);

test("folders have the names of the authors' benchmarks", () => {
  expect(benchmarkFolders(2, "clean")).toEqual({
    lr: "KernelGANFKP_lr_x2_clean",
    kernels: "KernelGANFKP_gt_k_x2_clean",
  });
  expect(benchmarkFolders(2, "kernel-noise").lr).toBe("KernelGANFKP_lr_x2_noise_ker");
  expect(benchmarkFolders(4, "image-noise").kernels).toBe("KernelGANFKP_gt_k_x4_noise_img");
});

test("images are paired with kernels by name, whatever the case of the ending, .mat first", async () => {
  const pairs = join(folder, "pairs");
  await mkdir(pairs);
  for (const file of ["b.PNG", "a.b.jpeg", "b.json", "b.MAT", "a.b.json", "notes.txt"]) {
    await writeFile(join(pairs, file), "");
  }
  const found = await findPairs(pairs, pairs);
  expect(found.map(({ name, path, kernelPath }) => [name, basename(path), basename(kernelPath)])).toEqual([
    ["a.b", "a.b.jpeg", "a.b.json"],
    ["b", "b.PNG", "b.MAT"],
  ]);
  await writeFile(join(pairs, "c.webp"), "");
  await expect(findPairs(pairs, pairs)).rejects.toThrow(/no kernel, .mat or .json, of c\.$/);
  await expect(findPairs(pairs, pairs)).rejects.toThrow(FolderError);
});

test("true images are found by name, whatever their ending", async () => {
  const hr = join(folder, "HR");
  await mkdir(hr);
  for (const file of ["b.png", "a.jpg", "more.png"]) await writeFile(join(hr, file), "");
  expect(await findTrueImages(["a", "b"], hr)).toEqual([join(hr, "a.jpg"), join(hr, "b.png")]);
  await expect(findTrueImages(["a", "c"], hr)).rejects.toThrow(/HR has no image of c\.$/);
});

test("DIV2KRK's names are paired by their numbers", async () => {
  const names: Record<string, string[]> = {
    lr: ["im_1.png", "im_10.png", "im_2.png"],
    kernels: ["kernel_1.mat", "kernel_2.mat", "kernel_10.mat"],
    gt: ["img_1_gt.png", "img_2_gt.png", "img_10_gt.png"],
  };
  for (const [kind, files] of Object.entries(names)) {
    await mkdir(join(folder, "div2krk", kind), { recursive: true });
    for (const file of files) await writeFile(join(folder, "div2krk", kind, file), "");
  }
  const [lr, kernels, gt] = ["lr", "kernels", "gt"].map((kind) => join(folder, "div2krk", kind));
  const found = await findPairs(lr, kernels);
  expect(found.map(({ name, kernelPath }) => [name, basename(kernelPath)])).toEqual([
    ["im_1", "kernel_1.mat"],
    ["im_10", "kernel_10.mat"],
    ["im_2", "kernel_2.mat"],
  ]);
  const truths = await findTrueImages(["im_2", "im_10"], gt);
  expect(truths.map((path) => basename(path))).toEqual(["img_2_gt.png", "img_10_gt.png"]);
  // Two of one number could be mixed up.
  await writeFile(join(kernels, "k_1.mat"), "");
  await expect(findPairs(lr, kernels)).rejects.toThrow(/no kernel, .mat or .json, of im_1\.$/);
});

test("kernels come in cross-correlation orientation, from rows alone, too", async () => {
  const path = join(folder, "kernel.json");
  await writeKernel(path, flipKernel(KERNEL));
  expect(await readBenchmarkKernel(path, 2)).toEqual(KERNEL);
  await writeFile(path, JSON.stringify({ kernel: kernelRows(KERNEL) }));
  expect(await readBenchmarkKernel(path, 2)).toEqual(KERNEL);
  const half = { ...KERNEL, values: KERNEL.values.map((value) => value / 2) };
  await writeFile(path, JSON.stringify({ kernel: kernelRows(half) }));
  await expect(readBenchmarkKernel(path, 2)).rejects.toThrow("this one sums to 0.5");
  await writeFile(path, JSON.stringify({ kernel: kernelRows(KERNEL), scale: 4 }));
  await expect(readBenchmarkKernel(path, 2)).rejects.toThrow("for ×4, not ×2");
});
