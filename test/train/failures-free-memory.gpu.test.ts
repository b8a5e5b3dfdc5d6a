import { describe, expect, it } from "vitest";
import { BlurStep } from "../../src/train/blur/blur-step.js";
import { PHOTOS_DEFAULTS } from "../../src/train/guided/photos-settings.js";
import { PhotosTrainer } from "../../src/train/guided/photos-trainer.js";
import { PHOTOS_TRAINING } from "../../src/train/guided/photos-training.js";
import { MetaStep } from "../../src/train/meta/meta-step.js";
import { SAMPLE_SIZE, SpectralSamples } from "../../src/train/spectral/spectral-samples.js";
import { SPECTRAL_DEFAULTS } from "../../src/train/spectral/spectral-settings.js";
import { SpectralTrainer } from "../../src/train/spectral/spectral-trainer.js";
import { SPECTRAL_TRAINING } from "../../src/train/spectral/spectral-training.js";
import { trainingImage } from "../../src/train/training-image.js";
import { UPSCALER_DEFAULTS } from "../../src/train/upscaler/upscaler-settings.js";
import { UpscalerTrainer } from "../../src/train/upscaler/upscaler-trainer.js";
import { UPSCALER_TRAINING } from "../../src/train/upscaler/upscaler-training.js";
import { useEngine } from "../support/engine.js";
import { expectFailuresToFreeMemory } from "../support/failures.js";
import { syntheticImage } from "../support/synthetic-image.js";

const gpu = useEngine();

describe("a device without room frees everything again", () => {
  it("where a step of the GAN is recorded", async () => {
    const record = () => MetaStep.record(gpu.engine, { evaluations: [1], steps: 2 });
    expect(await expectFailuresToFreeMemory(gpu.engine, record)).toBeGreaterThan(1);
  });

  it("where a step of teaching blur is recorded", async () => {
    const record = () => BlurStep.record(gpu.engine, { steps: 1, rate: 1e-3, batch: 1 });
    expect(await expectFailuresToFreeMemory(gpu.engine, record)).toBeGreaterThan(1);
  });

  it("where a step of the upscaler is recorded", async () => {
    const settings = { ...UPSCALER_DEFAULTS, batch: 1, size: 32 };
    const network = UPSCALER_TRAINING.initialize(settings);
    const images = [trainingImage(syntheticImage(1, 200, 200))];
    const record = () =>
      UpscalerTrainer.create(gpu.engine, { settings, steps: 1, images, heldOut: [], network });
    expect(await expectFailuresToFreeMemory(gpu.engine, record)).toBeGreaterThan(1);
  });

  it("where a step of the network for photos is recorded", async () => {
    const small = { batch: 1, channels: 4, blocks: [1], patch: 16, latePatch: 16 };
    const settings = { ...PHOTOS_DEFAULTS, ...small };
    const network = PHOTOS_TRAINING.initialize(settings);
    const record = () =>
      PhotosTrainer.create(gpu.engine, { settings, steps: 1, network, samples: [], heldOut: [] });
    expect(await expectFailuresToFreeMemory(gpu.engine, record)).toBeGreaterThan(1);
  });

  it("where a step of the spectral network is recorded", async () => {
    const settings = { ...SPECTRAL_DEFAULTS, batch: 4, samples: 4 };
    const samples = new SpectralSamples(new Float32Array(4 * SAMPLE_SIZE));
    const network = SPECTRAL_TRAINING.initialize(settings);
    const record = () => SpectralTrainer.create(gpu.engine, samples, { settings, steps: 1, network });
    expect(await expectFailuresToFreeMemory(gpu.engine, record)).toBeGreaterThan(1);
  });
});
