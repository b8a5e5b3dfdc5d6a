import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { RandomStream } from "../../../src/engine/random.js";
import { decodeCheckpoint, encodeCheckpoint, initialState } from "../../../src/train/checkpoint.js";
import { SAMPLE_SIZE, SpectralSamples } from "../../../src/train/spectral/spectral-samples.js";
import { SPECTRAL_DEFAULTS } from "../../../src/train/spectral/spectral-settings.js";
import { SpectralTrainer } from "../../../src/train/spectral/spectral-trainer.js";
import { SPECTRAL_TRAINING } from "../../../src/train/spectral/spectral-training.js";
import { type SpectralValidationImage, validationImages } from "../../../src/train/spectral/validation.js";
import { WeightsError } from "../../../src/weights/errors.js";
import { parseSafetensors } from "../../../src/weights/safetensors.js";
import type { WeightFile } from "../../../src/weights/weight-file.js";
import { useEngine } from "../../support/engine.js";
import { relativeError } from "../../support/gradient-check.js";
import { syntheticImage } from "../../support/synthetic-image.js";

const gpu = useEngine();
const SETTINGS = { ...SPECTRAL_DEFAULTS, batch: 4, samples: 8 };
const SHIPPED = parseSafetensors(
  readFileSync(new URL("../../../models/spectral-x2.safetensors", import.meta.url)),
);

function samples(): SpectralSamples {
  const random = new RandomStream(3, 0);
  return new SpectralSamples(Float32Array.from({ length: 8 * SAMPLE_SIZE }, () => 3 + random.normal()));
}

function create(network: WeightFile, heldOut?: SpectralValidationImage[]): Promise<SpectralTrainer> {
  return SpectralTrainer.create(gpu.engine, samples(), { settings: SETTINGS, steps: 4, network, heldOut });
}

describe("SpectralTrainer", () => {
  it("begins with given weights, and goes on from its own checkpoint", async () => {
    const begin = SPECTRAL_TRAINING.initialize(SETTINGS, SHIPPED);
    const trainer = await create(begin);
    trainer.restore(initialState(begin, SPECTRAL_TRAINING.trainedShapes(begin)));
    const before = trainer.network((await trainer.read()).weights);
    // The second network is trained elsewhere.
    const first = [...SHIPPED.tensors].filter(([name]) => name.startsWith("layer"));
    expect(first).toHaveLength(6);
    for (const [name, { data }] of first) {
      expect(relativeError(before.tensors.get(name)?.data ?? [], data), name).toBeLessThan(1e-5);
    }
    trainer.submit(0);
    const state = { step: 1, ...(await trainer.read()) };
    const file = encodeCheckpoint(state, trainer.network(state.weights));
    const { state: again } = decodeCheckpoint(file, SPECTRAL_TRAINING.trainedShapes);
    trainer.restore(again);
    expect((await trainer.read()).weights).toEqual(state.weights);
    trainer.dispose();
  });

  it("refuses to begin with weights for another scale", () => {
    expect(() => SPECTRAL_TRAINING.initialize({ ...SETTINGS, scale: 4 }, SHIPPED)).toThrow(WeightsError);
    expect(() => SPECTRAL_TRAINING.initialize({ ...SETTINGS, scale: 4 }, SHIPPED)).toThrow(/give --scale 2/);
  });

  it("scores a trained network above an untrained one on images held out, alike in every run", async () => {
    const heldOut = await validationImages({
      settings: SETTINGS,
      heldOut: [syntheticImage(1, 200, 200)],
      compressJpeg: async (image) => image,
    });
    const trainer = await create(SPECTRAL_TRAINING.initialize(SETTINGS), heldOut);
    const { signal } = new AbortController();
    const trained = await trainer.validate(SHIPPED, { signal });
    const untrained = await trainer.validate(SPECTRAL_TRAINING.initialize(SETTINGS), { signal });
    expect(trained.kernelPsnr).toBeGreaterThan(untrained.kernelPsnr as number);
    expect(await trainer.validate(SHIPPED, { signal })).toEqual(trained);
    trainer.dispose();
  });
});
