import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { build, type Rolldown } from "vite";
import { expect, inject, it } from "vitest";

/** A kilobyte is 1000 bytes: the smaller reading. */
const KB = 1000;

it.each([
  ["for estimating", 40, "Engine, MetaKernelGAN, SpectralEstimator, rgbImage"],
  ["for the spectral method and USRNet", 33, "Engine, SpectralEstimator, UsrNet, rgbImage"],
  [
    "for a sharper picture by default: spectral and the network for photos",
    40,
    "Engine, SpectralEstimator, GuidedUpscaler, upscalePhoto, fromImageData, toImageData",
  ],
  ["for one call: createUpscaler", 48, "createUpscaler"],
  [
    "for estimating and upscaling",
    50,
    "Engine, MetaKernelGAN, SpectralEstimator, rgbImage, FourierUpscaler, UsrNet, parseSafetensors, automaticSigma",
  ],
])("the code %s is at most %d KB in a bundle of the built package", async (_, kilobytes, names) => {
  const folder = await mkdtemp(join(tmpdir(), "metakernelgan-size-"));
  try {
    const entry = join(folder, "entry.js");
    await writeFile(
      entry,
      `export { ${names} } from ${JSON.stringify(join(inject("package"), "dist/index.js"))};`,
    );
    const { output } = (await build({
      configFile: false,
      logLevel: "warn",
      build: {
        write: false,
        target: "es2022",
        // Weights stay files of their own.
        assetsInlineLimit: 0,
        modulePreload: false,
        rolldownOptions: { input: entry, preserveEntrySignatures: "strict", output: { minify: true } },
      },
    })) as Rolldown.RolldownOutput;
    const code = output.map((file) => (file.type === "chunk" ? file.code : ""));
    const bytes = gzipSync(code.join("")).length;
    // Less than that would be no engine.
    expect(bytes).toBeGreaterThan(10 * KB);
    expect(bytes).toBeLessThanOrEqual(kilobytes * KB);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});

it("all code of the page, with its worker, is at most 60 KB", async () => {
  const folder = join(inject("page"), "assets");
  const scripts = (await readdir(folder)).filter((name) => name.endsWith(".js"));
  const sizes = await Promise.all(
    scripts.map(async (name) => gzipSync(await readFile(join(folder, name))).length),
  );
  expect(sizes).toHaveLength(1);
  expect(sizes[0]).toBeGreaterThan(30 * KB);
  expect(sizes[0]).toBeLessThanOrEqual(60 * KB);
});

it("the file for pages without a bundler is at most 71 KB", async () => {
  const code = await readFile(join(inject("package"), "dist/metakernelgan.min.js"));
  expect(gzipSync(code).length).toBeLessThanOrEqual(71 * KB);
});
