import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { KernelGAN } from "../../src/estimate/kernelgan/kernelgan.js";
import { MetaKernelGAN } from "../../src/estimate/metakernelgan/metakernelgan.js";
import { SpectralEstimator } from "../../src/estimate/spectral/spectral-estimator.js";
import { degrade } from "../../src/kernel/degradation/degrade.js";
import { gaussianKernel } from "../../src/kernel/families/gaussian-kernel.js";
import { initialUpscaler } from "../../src/train/upscaler/initial-upscaler.js";
import { FourierUpscaler } from "../../src/upscale/fourier/fourier-upscaler.js";
import { ClosedFormGuesses } from "../../src/upscale/guided/closed-form-guesses.js";
import { GuidedUpscaler } from "../../src/upscale/guided/guided-upscaler.js";
import type { Upscaler } from "../../src/upscale/upscaler.js";
import { UsrNet } from "../../src/upscale/usrnet/usrnet.js";
import { useEngine } from "../support/engine.js";
import { expectFailuresToFreeMemory } from "../support/failures.js";
import { randomGuidedWeights } from "../support/guided-weights.js";
import { syntheticImage } from "../support/synthetic-image.js";

const gpu = useEngine();
const KERNEL = gaussianKernel({ lambda1: 3, lambda2: 1, theta: 0.5 });
const IMAGE = degrade(syntheticImage(1, 128, 128), KERNEL, 2);
const model = (name: string): Uint8Array =>
  readFileSync(new URL(`../../models/${name}.safetensors`, import.meta.url));

describe("a device without room frees everything again", () => {
  it.each([
    ["MetaKernelGAN", () => MetaKernelGAN.load(gpu.engine, model("metakernelgan"))],
    ["KernelGAN", () => KernelGAN.load(gpu.engine)],
  ])("in an estimate of %s", async (_, load) => {
    const failures = await expectFailuresToFreeMemory(gpu.engine, async () => {
      const estimator = await load();
      await estimator.estimate(IMAGE, { steps: 1 });
      return estimator;
    });
    expect(failures).toBeGreaterThan(3);
  });

  it("where a spectral estimator is loaded", async () => {
    const load = () => SpectralEstimator.load(gpu.engine, model("spectral-x2"));
    expect(await expectFailuresToFreeMemory(gpu.engine, load)).toBeGreaterThan(1);
  });

  it("where USRNet is loaded", async () => {
    const load = () => UsrNet.load(gpu.engine, initialUpscaler(1));
    expect(await expectFailuresToFreeMemory(gpu.engine, load)).toBeGreaterThan(1);
  });

  it("where closed-form guesses are recorded", async () => {
    const record = () => ClosedFormGuesses.create(gpu.engine, 24, 32, 2);
    expect(await expectFailuresToFreeMemory(gpu.engine, record)).toBeGreaterThan(1);
  });

  it.each<[string, () => Promise<Upscaler>]>([
    ["the closed form", () => FourierUpscaler.load(gpu.engine)],
    ["USRNet", () => UsrNet.load(gpu.engine, initialUpscaler(1))],
    [
      "the guided upscaler",
      () =>
        GuidedUpscaler.load(gpu.engine, randomGuidedWeights({ scale: 2, channels: 4, blocks: [1, 1] }, 2)),
    ],
  ])("where a photo is upscaled by %s", async (_, load) => {
    const upscaler = await load();
    const failures = await expectFailuresToFreeMemory(gpu.engine, async () => {
      await upscaler.upscale(IMAGE, { kernel: KERNEL, scale: 2 });
      return { dispose: () => {} };
    });
    expect(failures).toBeGreaterThan(3);
    upscaler.dispose();
  });
});
