import { describe, expect, it } from "vitest";
import { RandomStream } from "../../../src/engine/random.js";
import { rgbImage } from "../../../src/image/rgb-image.js";
import { type GaussianShape, gaussianKernel } from "../../../src/kernel/families/gaussian-kernel.js";
import { randomKernel } from "../../../src/kernel/families/random-kernel.js";
import { kernelCovariance } from "../../../src/kernel/metrics/kernel-metrics.js";
import { discriminatorInitialization } from "../../../src/model/gan/discriminator-initialization.js";
import { generatorInitialization } from "../../../src/model/gan/generator-initialization.js";
import { BlurStep } from "../../../src/train/blur/blur-step.js";
import { type BlurTask, SHARP_SIZE } from "../../../src/train/blur/blur-task.js";
import { useEngine } from "../../support/engine.js";

const gpu = useEngine();

/** White noise: all that tells its blur is in the spectrum, alike in all directions. */
function noiseTask(number: number, real?: GaussianShape): BlurTask {
  const random = new RandomStream(5, number);
  const data = Float32Array.from({ length: 3 * SHARP_SIZE ** 2 }, () => 0.5 + 0.3 * random.normal());
  return {
    image: rgbImage(SHARP_SIZE, SHARP_SIZE, data),
    real: real ? gaussianKernel(real) : randomKernel(random),
    fake: randomKernel(random),
  };
}

async function begin(steps: number, rate: number, batch: number): Promise<BlurStep> {
  const step = await BlurStep.record(gpu.engine, { steps, rate, batch });
  const weights = new Map([...generatorInitialization(), ...discriminatorInitialization(0)]);
  const zeros = new Map([...weights].map(([name, { length }]) => [name, new Float32Array(length)]));
  step.initialization.load(weights, { step: 0, moments: { first: zeros, second: zeros } });
  return step;
}

describe("BlurStep", () => {
  it("counts width from the distribution's mean, and lean both ways, in square pixels", async () => {
    // Its features are balanced at first, so that what is read is near zero and the errors are the targets' squares.
    const step = await begin(1, 0, 1);
    const task = noiseTask(0, { lambda1: 4.5, lambda2: 0.5, theta: Math.PI / 8 });
    step.run([{ ...task, fake: task.real }], 0);
    const [{ width, lean } = { width: 0, lean: 0 }] = await step.losses();
    const { xx, xy, yy } = kernelCovariance(task.real);
    const flat = { ...task, real: gaussianKernel({ lambda1: 2.5, lambda2: 2.5, theta: 0 }) };
    step.initialization.load((await step.initialization.read()).weights);
    step.run([{ ...flat, fake: flat.real }], 0);
    const [other = { width: 0, lean: 0 }] = await step.losses();
    const expected = (((xx - yy) / 2) ** 2 + xy ** 2) / 2;
    expect(lean - other.lean).toBeGreaterThan(0.5 * expected);
    expect(lean - other.lean).toBeLessThan(1.5 * expected);
    expect(Math.abs(width - ((xx + yy) / 2 - 2.65) ** 2)).toBeLessThan(1.5);
  });

  it("learns to read the blurs of its tasks, and leaves generator and last layer alone", async () => {
    const tasks = [noiseTask(1), noiseTask(2)];
    const step = await begin(40, 0.03, tasks.length);
    const errors: { width: number; lean: number }[] = [];
    for (let i = 0; i < 40; i++) {
      step.run(tasks, i);
      errors.push(...(await step.losses()));
    }
    const [first, last] = [errors[0], errors.at(-1)];
    for (const name of ["width", "lean"] as const) {
      expect(last?.[name], name).toBeLessThan(0.5 * (first?.[name] ?? 0));
    }
    const after = (await step.initialization.read()).weights;
    for (const [name, values] of generatorInitialization()) expect(after.get(name), name).toEqual(values);
    const layer = "discriminator.conv.6.weight_orig";
    expect(after.get(layer)).toEqual(discriminatorInitialization(0).get(layer));
  });
});
