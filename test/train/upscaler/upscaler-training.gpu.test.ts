import { describe, expect, it } from "vitest";
import { trainingImage } from "../../../src/train/training-image.js";
import { initialUpscaler } from "../../../src/train/upscaler/initial-upscaler.js";
import {
  decodeUpscalerCheckpoint,
  encodeUpscaler,
  encodeUpscalerCheckpoint,
} from "../../../src/train/upscaler/upscaler-checkpoint.js";
import { upscalerTask } from "../../../src/train/upscaler/upscaler-task.js";
import { UpscalerTraining } from "../../../src/train/upscaler/upscaler-training.js";
import { WeightsError } from "../../../src/weights/errors.js";
import { useEngine } from "../../support/engine.js";
import { syntheticImage } from "../../support/synthetic-image.js";

const gpu = useEngine();

const images = [trainingImage(syntheticImage(1, 200, 200))];
const options = { seed: 3, batch: 2, size: 32, rate: 1e-3, steps: 8 };
const begin = initialUpscaler(1);

async function train(from: number, to: number, checkpoint?: ReturnType<typeof decodeUpscalerCheckpoint>) {
  const training = await UpscalerTraining.create(gpu.engine, checkpoint?.file ?? begin, images, options);
  if (checkpoint) training.restore(checkpoint.state);
  const losses: number[] = [];
  for (let step = from; step < to; step++) losses.push(await training.step(step).read());
  const state = await training.state(to);
  training.dispose();
  return { losses, state };
}

describe("UpscalerTraining", () => {
  it("goes on from a checkpoint as if it had never stopped, and learns", async () => {
    const before = gpu.engine.memory.bytes;
    const unbroken = await train(0, 8);
    const first = await train(0, 5);
    const file = encodeUpscalerCheckpoint(first.state, begin, { note: "half way" });
    const second = await train(5, 8, decodeUpscalerCheckpoint(file));
    expect([...first.losses, ...second.losses]).toEqual(unbroken.losses);
    expect(second.state).toEqual(unbroken.state);
    expect(unbroken.state.weights.get("p.m_tail.weight")).not.toEqual(
      begin.tensors.get("p.m_tail.weight")?.data,
    );
    expect(gpu.engine.memory.bytes).toBe(before);
  });

  it("makes a start better at its task", async () => {
    const again = { ...options, rate: 2e-3, steps: 40 };
    const training = await UpscalerTraining.create(gpu.engine, begin, images, again);
    const losses: number[] = [];
    // The same batch over and over.
    for (let i = 0; i < 40; i++) losses.push(await training.step(0).read());
    expect(losses.at(-1)).toBeLessThan(0.9 * (losses[0] as number));
    training.dispose();
  });

  it("writes the network without the training's state as weights, and refuses to go on from those", async () => {
    const { state } = await train(0, 1);
    const file = encodeUpscaler(state, begin, {});
    expect([...file.tensors.keys()]).toEqual([...begin.tensors.keys()]);
    expect(file.metadata).toMatchObject({ format: "usrnet", firstGuess: "fourier", step: "1" });
    expect(() => decodeUpscalerCheckpoint(file)).toThrow(WeightsError);
  });
});

describe("upscalerTask", () => {
  it("depends on seed and number alone, and has noise of its sigma", () => {
    const tasks = Array.from({ length: 60 }, (_, number) => upscalerTask(images, 2, 32, 1, number));
    expect(upscalerTask(images, 2, 32, 1, 7)).toEqual(tasks[7]);
    expect(upscalerTask(images, 2, 32, 2, 7)).not.toEqual(tasks[7]);
    const clean = tasks.filter(({ sigma }) => sigma === 0);
    expect(clean.length).toBeGreaterThan(15);
    expect(clean.length).toBeLessThan(45);
    for (const { sigma, noise } of tasks) {
      const deviation = Math.sqrt(noise.reduce((sum, value) => sum + value ** 2, 0) / noise.length);
      expect(Math.abs(255 * deviation - sigma)).toBeLessThanOrEqual(0.1 * sigma);
    }
  });

  it("has a kernel of its scale", () => {
    expect(upscalerTask(images, 2, 32, 1, 0).kernel.size).toBe(11);
    expect(upscalerTask(images, 4, 32, 1, 0).kernel.size).toBe(21);
    expect(upscalerTask(images, 4, 32, 1, 0).noise.length).toBe(3 * 8 * 8);
  });
});
