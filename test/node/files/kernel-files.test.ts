import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PNG } from "pngjs";
import { afterAll, beforeAll, expect, test } from "vitest";
import { blurKernel, flipKernel } from "../../../src/kernel/blur-kernel.js";
import { KernelError } from "../../../src/kernel/errors.js";
import { checkKernelPath, readKernel, writeKernel } from "../../../src/node/files/kernel-files.js";
import { findReference } from "../../support/reference.js";

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "metakernelgan-test-"));
});

afterAll(() => rm(folder, { recursive: true }));

const SIZE = 11;
const TOTAL = (121 * 122) / 2;
const KERNEL = blurKernel(
  Array.from({ length: SIZE * SIZE }, (_, index) => (index + 1) / TOTAL),
  2,
);

test.each([".npy", ".mat", ".json", ".JSON"])("a kernel comes back from %s", async (ending) => {
  const path = join(folder, `kernel${ending}`);
  await writeKernel(path, KERNEL);
  expect(await readKernel(path, 2)).toEqual(KERNEL);
});

test("JSON keeps scale and orientation; the scale is checked where one is asked for", async () => {
  const path = join(folder, "flipped.json");
  await writeKernel(path, flipKernel(KERNEL));
  expect(await readKernel(path)).toEqual(flipKernel(KERNEL));
  await expect(readKernel(path, 4)).rejects.toThrow(/for ×2, not ×4/);
});

test("an orientation is taken where the file says none", async () => {
  for (const ending of [".npy", ".mat", ".json"]) {
    const path = join(folder, `said${ending}`);
    await writeKernel(path, KERNEL);
    const { orientation } = await readKernel(path, 2, "convolution");
    expect(orientation).toBe(ending === ".json" ? "correlation" : "convolution");
  }
});

test("the picture has a square of pixels for each value, its maximum white", async () => {
  const path = join(folder, "kernel.png");
  await writeKernel(path, KERNEL);
  const { width, height, data } = PNG.sync.read(await readFile(path));
  expect([width, height]).toEqual([352, 352]);
  const at = (x: number, y: number) => data[4 * (y * width + x)];
  expect(at(351, 351)).toBe(255);
  expect(at(0, 0)).toBe(Math.round(255 / 121));
  expect(at(31, 31)).toBe(at(0, 0));
  expect(at(32, 0)).toBe(Math.round((2 * 255) / 121));
  expect(at(0, 32)).toBe(Math.round((12 * 255) / 121));
});

test("only known endings are written and read", async () => {
  expect(() => checkKernelPath("kernel.npy")).not.toThrow();
  expect(() => checkKernelPath("kernel.csv")).toThrow(/written as .npy, .mat, .json or .png/);
  await expect(writeKernel(join(folder, "kernel"), KERNEL)).rejects.toThrow(KernelError);
  await expect(readKernel(join(folder, "kernel.png"), 2)).rejects.toThrow(
    /read from a .npy, .mat or .json file/,
  );
});

test.each([
  ["missing.npy", undefined, /there is no such file/],
  ["noscale.npy", KERNEL.values, /does not say which scale/],
  ["sum.json", KERNEL.values.map((value) => value / 1000), /sums to about 1; this one sums to 0.001/],
] as const)("%s is refused by name", async (name, values, message) => {
  const path = join(folder, name);
  if (values) await writeKernel(path, { ...KERNEL, values: Float64Array.from(values) });
  const reading = readKernel(path);
  await expect(reading).rejects.toThrow(KernelError);
  await expect(reading).rejects.toThrow(name);
  await expect(reading).rejects.toThrow(message);
});

test("values that are not finite are refused", async () => {
  const path = join(folder, "nan.npy");
  await writeKernel(path, { ...KERNEL, values: KERNEL.values.with(5, Number.NaN) });
  await expect(readKernel(path, 2)).rejects.toThrow(/not finite/);
});

const BENCHMARK = findReference(
  "data/test/Set14/KernelGANFKP_gt_k_x2_clean/baboon.mat",
  "reading a kernel of a published benchmark",
);

test.skipIf(!BENCHMARK)("a kernel of a benchmark is read", async () => {
  const kernel = await readKernel(BENCHMARK as string, 2);
  const copy = join(folder, "baboon.mat");
  await writeKernel(copy, kernel);
  expect(await readKernel(copy, 2)).toEqual(kernel);
  await writeFile(copy, (await readFile(copy)).subarray(0, 300));
  await expect(readKernel(copy, 2)).rejects.toThrow(/damaged or incomplete/);
});
