import { describe, expect, it } from "vitest";
import { RandomStream } from "../../../src/engine/random.js";
import { RANDOM_STREAMS } from "../../../src/engine/random-streams.js";
import { decodeCheckpoint, encodeCheckpoint, initialState } from "../../../src/train/checkpoint.js";
import type { TrainingState } from "../../../src/train/trainer.js";
import { trainingImage } from "../../../src/train/training-image.js";
import { upscalerTask } from "../../../src/train/upscaler/upscaler-task.js";
import { type UpscalerOptions, UpscalerTrainer } from "../../../src/train/upscaler/upscaler-trainer.js";
import { UPSCALER_TRAINING } from "../../../src/train/upscaler/upscaler-training.js";
import { WeightsError } from "../../../src/weights/errors.js";
import { useEngine } from "../../support/engine.js";
import { syntheticImage } from "../../support/synthetic-image.js";

const gpu = useEngine();

const images = [trainingImage(syntheticImage(1, 200, 200))];
const settings = { seed: 3, batch: 2, size: 32, rate: 1e-3, holdOut: 0 };
const begin = UPSCALER_TRAINING.initialize({ ...settings, seed: 1 });
const options: UpscalerOptions = { settings, steps: 8, images, heldOut: [], network: begin };

async function train(from: number, to: number, state?: TrainingState) {
  const trainer = await UpscalerTrainer.create(gpu.engine, options);
  trainer.restore(state ?? initialState(begin, UPSCALER_TRAINING.trainedShapes(begin)));
  const losses: object[] = [];
  for (let step = from; step < to; step++) {
    trainer.submit(step);
    losses.push(...(await trainer.losses()));
  }
  const after = { step: to, ...(await trainer.read()) };
  const network = trainer.network(after.weights);
  trainer.dispose();
  return { losses, state: after, network };
}

describe("UpscalerTrainer", () => {
  it("goes on from a checkpoint as if it had never stopped, and learns", async () => {
    const before = gpu.engine.memory.bytes;
    const unbroken = await train(0, 8);
    const first = await train(0, 5);
    const file = encodeCheckpoint(first.state, first.network);
    const second = await train(5, 8, decodeCheckpoint(file, UPSCALER_TRAINING.trainedShapes).state);
    expect([...first.losses, ...second.losses]).toEqual(unbroken.losses);
    expect(second.state).toEqual(unbroken.state);
    expect(unbroken.state.weights.get("p.m_tail.weight")).not.toEqual(
      begin.tensors.get("p.m_tail.weight")?.data,
    );
    expect(gpu.engine.memory.bytes).toBe(before);
  });

  it("makes an initialization better at its task", async () => {
    const again = { ...options, settings: { ...settings, rate: 2e-3 }, steps: 40 };
    const trainer = await UpscalerTrainer.create(gpu.engine, again);
    const losses: number[] = [];
    // The same batch over and over.
    for (let i = 0; i < 40; i++) {
      trainer.submit(0);
      losses.push(...(await trainer.losses()).flatMap((each) => Object.values(each)));
    }
    expect(losses).toHaveLength(40);
    expect(losses.at(-1)).toBeLessThan(0.9 * (losses[0] as number));
    trainer.dispose();
  });

  it("writes the network without the training's state as weights, and refuses to go on from those", async () => {
    const { network, state } = await train(0, 1);
    expect([...network.tensors.keys()]).toEqual([...begin.tensors.keys()]);
    expect(network.metadata).toEqual({ format: "usrnet", firstGuess: "fourier" });
    expect(network.tensors.get("p.m_tail.weight")?.data).toEqual(state.weights.get("p.m_tail.weight"));
    const numbered = { ...network, metadata: { ...network.metadata, step: "1" } };
    for (const file of [network, numbered]) {
      expect(() => decodeCheckpoint(file, UPSCALER_TRAINING.trainedShapes)).toThrow(WeightsError);
    }
  });

  it("wants patches that are a multiple of 32 pixels wide", async () => {
    const odd = { ...options, settings: { ...settings, size: 48 } };
    await expect(UpscalerTrainer.create(gpu.engine, odd)).rejects.toThrow(/multiple of 32 pixels; got 48/);
  });
});

describe("a validation", () => {
  const validate = async (options: UpscalerOptions, times = 1): Promise<number> => {
    const trainer = await UpscalerTrainer.create(gpu.engine, options);
    const { signal } = new AbortController();
    const { psnr = Number.NaN } = await trainer.validate(begin, { signal });
    for (let i = 1; i < times; i++) expect(await trainer.validate(begin, { signal })).toEqual({ psnr });
    trainer.dispose();
    return psnr;
  };

  it("leaves the loss of the last step as it is", async () => {
    const heldOut = [syntheticImage(2, 200, 200)];
    const trainer = await UpscalerTrainer.create(gpu.engine, { ...options, heldOut });
    trainer.submit(0);
    const losses = await trainer.losses();
    await trainer.validate(begin, { signal: new AbortController().signal });
    expect(await trainer.losses()).toEqual(losses);
    trainer.dispose();
  });

  it("is the same in every run, and higher for a better network", async () => {
    const heldOut = [syntheticImage(2, 200, 200)];
    const psnr = await validate({ ...options, heldOut }, 2);
    expect(psnr).toBeGreaterThan(10);
    expect(psnr).toBeLessThan(40);
    expect(await validate({ ...options, heldOut, settings: { ...settings, seed: 9, batch: 4 } })).toBeCloseTo(
      psnr,
      3,
    );
    const [name = ""] = [...begin.tensors.keys()].filter((each) => each.includes("tail"));
    const { shape = [], data = new Float32Array() } = begin.tensors.get(name) ?? {};
    const dark = new Map(begin.tensors).set(name, { shape, data: data.map((value) => value / 2) });
    const worse = { ...options, heldOut, network: { ...begin, tensors: dark } };
    expect(await validate(worse)).toBeLessThan(psnr - 1);
  });
});

describe("upscalerTask", () => {
  const taskOf = (scale: 2 | 4, seed: number, number: number) =>
    upscalerTask(images, scale, 32, new RandomStream(seed, RANDOM_STREAMS.upscalerTask, number));

  it("depends on its random numbers alone, and has noise of its sigma", () => {
    const tasks = Array.from({ length: 60 }, (_, number) => taskOf(2, 1, number));
    expect(taskOf(2, 1, 7)).toEqual(tasks[7]);
    expect(taskOf(2, 2, 7)).not.toEqual(tasks[7]);
    const clean = tasks.filter(({ sigma }) => sigma === 0);
    expect(clean.length).toBeGreaterThan(15);
    expect(clean.length).toBeLessThan(45);
    for (const { sigma, noise } of tasks) {
      const deviation = Math.sqrt(noise.reduce((sum, value) => sum + value ** 2, 0) / noise.length);
      expect(Math.abs(255 * deviation - sigma)).toBeLessThanOrEqual(0.1 * sigma);
    }
  });

  it("has a kernel of its scale", () => {
    expect(taskOf(2, 1, 0).kernel.size).toBe(11);
    expect(taskOf(4, 1, 0).kernel.size).toBe(21);
    expect(taskOf(4, 1, 0).noise.length).toBe(3 * 8 * 8);
  });
});
