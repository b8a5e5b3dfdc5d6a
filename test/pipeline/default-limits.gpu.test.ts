import { afterAll, beforeAll, expect, it } from "vitest";
import { Engine } from "../../src/engine/device/engine.js";
import { MetaKernelGAN } from "../../src/estimate/metakernelgan/metakernelgan.js";
import { SpectralEstimator } from "../../src/estimate/spectral/spectral-estimator.js";
import { gaussianKernel } from "../../src/kernel/families/gaussian-kernel.js";
import { type UpscaledPhoto, upscalePhoto } from "../../src/pipeline/upscale-photo.js";
import { initialUpscaler } from "../../src/train/upscaler/initial-upscaler.js";
import { FourierUpscaler } from "../../src/upscale/fourier/fourier-upscaler.js";
import { GuidedUpscaler } from "../../src/upscale/guided/guided-upscaler.js";
import { UsrNet } from "../../src/upscale/usrnet/usrnet.js";
import { maxDifference } from "../support/difference.js";
import { useEngine } from "../support/engine.js";
import { syntheticImage } from "../support/synthetic-image.js";

const gpu = useEngine();
const kernel = gaussianKernel({ lambda1: 3, lambda2: 1, theta: 0.5 });
const image = syntheticImage(1, 64, 48);
let plain: Engine;

/** A device with exactly the limits that every WebGPU gives, and no features. */
async function openPlainEngine(): Promise<Engine> {
  if ("document" in globalThis || "Deno" in globalThis) {
    const adapter = (await navigator.gpu.requestAdapter()) as GPUAdapter;
    return new Engine(await adapter.requestDevice(), true);
  }
  const { requestNodeDevice } = await import("../../src/node/device/adapters.js");
  return new Engine(await requestNodeDevice({}, () => ({})), true, gpu.engine.wait);
}

beforeAll(async () => {
  plain = await openPlainEngine();
});

afterAll(() => plain?.dispose());

it("has the default limits and no feature that the engine could use", () => {
  const { limits, features } = plain.device;
  expect(limits.maxStorageBufferBindingSize).toBe(128 * 2 ** 20);
  expect(limits.maxBufferSize).toBe(256 * 2 ** 20);
  expect(limits.maxComputeInvocationsPerWorkgroup).toBe(256);
  expect(limits.maxComputeWorkgroupStorageSize).toBe(16384);
  expect(limits.maxStorageBuffersPerShaderStage).toBe(8);
  for (const feature of ["shader-f16", "subgroups", "timestamp-query"])
    expect(features.has(feature)).toBe(false);
});

it("gives the picture of a device with more, from the adaptation to USRNet and the closed form", async () => {
  for (const load of [
    (engine: Engine) => UsrNet.load(engine, initialUpscaler(0)),
    (engine: Engine) => FourierUpscaler.load(engine),
  ]) {
    const pictures = [];
    for (const engine of [plain, gpu.engine]) {
      using upscaler = await load(engine);
      pictures.push(await upscaler.upscale(image, { kernel, scale: 2, sigma: 3 }));
    }
    const [actual, expected] = pictures as [(typeof pictures)[0], (typeof pictures)[0]];
    expect(maxDifference(actual.data, expected.data)).toBeLessThan(1e-3);
  }
  using estimator = await MetaKernelGAN.load(plain, "random");
  const { kernel: estimated } = await estimator.estimate(image, { steps: 3 });
  expect(estimated.values.every(Number.isFinite)).toBe(true);
});

it("reads a photo's blur off its spectrum and undoes it with the network for photos", async ({ skip }) => {
  skip("document" in globalThis || "Deno" in globalThis, "the packaged weights are files, which Node reads");
  const { readFile } = await import("node:fs/promises");
  const read = async (name: string) => new Uint8Array(await readFile(`models/${name}.safetensors`));
  const results = [];
  for (const engine of [plain, gpu.engine]) {
    using estimator = await SpectralEstimator.load(engine, await read("spectral-x2"));
    using upscaler = await GuidedUpscaler.load(engine, await read("small-x2"));
    results.push(await upscalePhoto({ estimator, upscaler }, image));
  }
  const [actual, expected] = results as [UpscaledPhoto, UpscaledPhoto];
  expect(maxDifference(actual.picture.data, expected.picture.data)).toBeLessThan(1e-3);
});
