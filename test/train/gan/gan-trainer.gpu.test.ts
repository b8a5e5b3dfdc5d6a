import { describe, expect, it } from "vitest";
import { initialState } from "../../../src/train/checkpoint.js";
import { GanTrainer } from "../../../src/train/gan/gan-trainer.js";
import { GAN_TRAINING } from "../../../src/train/gan/gan-training.js";
import {
  type GanSettings,
  ganDefaults,
  type OuterStepName,
} from "../../../src/train/outer-step/gan-settings.js";
import { trainingImage } from "../../../src/train/training-image.js";
import type { WeightFile } from "../../../src/weights/weight-file.js";
import { useEngine } from "../../support/engine.js";
import { syntheticImage } from "../../support/synthetic-image.js";

const gpu = useEngine();
const images = [trainingImage(syntheticImage(1, 200, 200))];

/** A small training by an outer step. */
function settingsOf(outerStep: OuterStepName): GanSettings {
  const { evaluations, ...settings } = ganDefaults(outerStep);
  return { ...settings, batch: 1, holdOut: 0, evaluations: outerStep === "meta" ? [1, 2] : evaluations };
}

async function train(settings: GanSettings, network: WeightFile) {
  const trainer = await GanTrainer.create(gpu.engine, {
    settings,
    steps: 2,
    images,
    heldOut: [],
    network,
    store: { read: async () => 0, append: async () => {} },
    compressJpeg: async (image) => image,
    signal: new AbortController().signal,
    onProgress() {},
  });
  trainer.restore(initialState(network, GAN_TRAINING.trainedShapes(network)));
  trainer.submit(0);
  const losses = await trainer.losses();
  const { weights, moments } = await trainer.read();
  const after = trainer.network(weights);
  trainer.dispose();
  return { losses, moments, after };
}

describe("GanTrainer", () => {
  it.each(["meta", "dataset", "blur"] as const)("learns by %s, and frees its memory", async (outerStep) => {
    const settings = settingsOf(outerStep);
    const network = GAN_TRAINING.initialize(settings);
    const before = gpu.engine.memory.bytes;
    const { losses, moments, after } = await train(settings, network);
    expect(losses).toHaveLength(settings.evaluations.length);
    for (const value of losses.flatMap((each) => Object.values(each)))
      expect(Number.isFinite(value)).toBe(true);
    expect([...moments.first.keys()]).toEqual(GAN_TRAINING.trainedShapes(network).map(({ name }) => name));
    expect([...after.tensors.keys()]).toEqual([...network.tensors.keys()]);
    const layer = "discriminator.conv.3.weight_orig";
    expect(after.tensors.get(layer)).not.toEqual(network.tensors.get(layer));
    expect(gpu.engine.memory.bytes).toBe(before);
  });

  it("adapts by the loop that the initialization is for", async () => {
    const settings = settingsOf("meta");
    const network = GAN_TRAINING.initialize(settings);
    expect(network.metadata["inner-loop"]).toBe("paper");
    const steady = { ...network, metadata: { ...network.metadata, "inner-loop": "steady" } };
    expect(GAN_TRAINING.initialize(settings, steady).metadata["inner-loop"]).toBe("steady");
    const [byPaper, bySteady] = [await train(settings, network), await train(settings, steady)];
    expect(bySteady.losses).not.toEqual(byPaper.losses);
    expect((await train(settings, network)).losses).toEqual(byPaper.losses);
  });
});
