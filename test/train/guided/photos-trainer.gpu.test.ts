import { describe, expect, it } from "vitest";
import { guidedShapes } from "../../../src/model/guided/layout.js";
import { initialState } from "../../../src/train/checkpoint.js";
import { cutPatch } from "../../../src/train/guided/patch.js";
import { PhotosTrainer } from "../../../src/train/guided/photos-trainer.js";
import type { WeightFile } from "../../../src/weights/weight-file.js";
import fixture from "../../fixtures/photos-training.json";
import { useEngine } from "../../support/engine.js";
import { relativeError } from "../../support/gradient-check.js";
import { trainingSamples } from "../../support/training-samples.js";

const gpu = useEngine();

const { config, settings } = fixture;
const start = new Map(Object.entries<readonly number[]>(fixture.start));
const network: WeightFile = {
  tensors: new Map(
    [...guidedShapes(config)].map(([name, shape]) => [
      name,
      { shape, data: Float32Array.from(start.get(name) ?? []) },
    ]),
  ),
  metadata: {
    format: "guided-upscaler",
    scale: String(config.scale),
    channels: String(config.channels),
    blocks: config.blocks.join(","),
  },
};
const samples = trainingSamples();
const { steps, batch, patch: side } = settings;
const options = {
  settings: {
    ...settings,
    seed: 0,
    scale: 2 as const,
    channels: 4,
    blocks: config.blocks,
    photos: "all" as const,
    latePatch: side,
  },
  steps,
  network,
  samples,
  heldOut: [],
};
const shapes = [...guidedShapes(config)].map(([name, shape]) => ({ name, shape }));

/** The patches of a step, in PyTorch's order. */
function patchesOf(step: number) {
  return fixture.draws.slice(step * batch, (step + 1) * batch).map((draw) => {
    const [which = 0, index = 0, top = 0, left = 0, ...flags] = draw;
    const [mirrored, flipped, transposed, unknown] = flags.map(Boolean);
    const file = samples[which] as (typeof samples)[number];
    const cut = { top, left, height: side, width: side, mirrored, flipped, transposed, unknown };
    return cutPatch(file.read(index), file, cut);
  });
}

describe("PhotosTrainer", () => {
  it("has PyTorch's losses in 50 steps from the same weights on the same patches, and its average", async () => {
    const before = gpu.engine.memory.bytes;
    const trainer = await PhotosTrainer.create(gpu.engine, options);
    trainer.restore(initialState(network, shapes));
    const losses: number[] = [];
    for (let step = 0; step < steps; step++) {
      trainer.learn(step, patchesOf(step));
      losses.push(...(await trainer.losses()).map(({ loss = Number.NaN }) => loss));
    }
    const errors = losses.map((loss, i) => Math.abs(loss / (fixture.losses[i] as number) - 1));
    expect(losses).toHaveLength(50);
    // On software drivers it is 4e-7.
    expect(Math.max(...errors)).toBeLessThan(1e-5);
    const { weights } = await trainer.read();
    const average = trainer.network(weights).tensors;
    for (const [name, values] of Object.entries(fixture.average)) {
      expect(relativeError(average.get(name)?.data ?? [], values), name).toBeLessThan(1e-5);
    }
    trainer.dispose();
    expect(gpu.engine.memory.bytes - before, "bytes left behind").toBe(0);
  });
});
