import { describe, expect, it } from "vitest";
import { Adaptation } from "../../../src/estimate/adaptation/adaptation.js";
import { bicubicKernel } from "../../../src/estimate/kernelgan/bicubic-kernel.js";
import { boundaryPenalty } from "../../../src/estimate/kernelgan/boundary-penalty.js";
import { KernelGAN } from "../../../src/estimate/kernelgan/kernelgan.js";
import { recordKernelGanStep } from "../../../src/estimate/kernelgan/kernelgan-step.js";
import { kernelGanRate, kernelGanWeights } from "../../../src/estimate/kernelgan/schedule.js";
import { suppressSmall } from "../../../src/estimate/kernelgan/suppress-small.js";
import { blurKernel } from "../../../src/kernel/blur-kernel.js";
import adaptationJson from "../../fixtures/adaptation.json";
import fixture from "../../fixtures/kernelgan.json";
import { maxDifference } from "../../support/difference.js";
import { useEngine } from "../../support/engine.js";
import { type AdaptationFixture, syntheticImage, syntheticWeights } from "../../support/synthetic.js";

const synthetic = adaptationJson as unknown as AdaptationFixture;
const image = syntheticImage(synthetic);
const gpu = useEngine();

describe("KernelGAN against the float64 reference", () => {
  it("has its kernels and its losses", async () => {
    const steps = fixture.losses.length;
    const weights = new Map([...syntheticWeights(synthetic)].map(([name, { data }]) => [name, data]));
    const corners = synthetic.patches.slice(0, steps).flat();
    const input = { image, steps, corners, seed: 0, noise: false };
    const adaptation = await Adaptation.record(gpu.engine, weights, input, recordKernelGanStep);
    const { kernels, losses } = await adaptation.run();
    adaptation.dispose();
    for (const [step, expected] of Object.entries(fixture.kernels)) {
      expect(maxDifference(kernels[Number(step)] ?? [], expected), `after ${step} steps`).toBeLessThan(1e-7);
    }
    fixture.losses.forEach((expected, step) => {
      const { adversarial, constraints, discriminator } = losses[step] as (typeof losses)[number];
      const actual = [adversarial, adversarial + constraints, discriminator];
      expect(maxDifference(actual, expected), `losses of step ${step + 1}`).toBeLessThan(1e-5);
    });
    expect(gpu.engine.memory.bytes).toBe(0);
  });

  it("has its tables", () => {
    expect(maxDifference(bicubicKernel(), fixture.bicubic)).toBeLessThan(1e-7);
    expect(maxDifference(boundaryPenalty(), fixture.penalty)).toBeLessThan(1e-6);
    for (const [step, expected] of Object.entries(fixture.weights)) {
      const { bicubic, sumToOne, boundaries, sparsity, center } = kernelGanWeights(Number(step));
      const actual = [bicubic, sumToOne, boundaries, sparsity, center];
      actual.forEach((value, i) => {
        expect(value, `weight ${i} at step ${step}`).toBeCloseTo(expected[i] as number, 9);
      });
    }
    expect([0, 749, 750, 2250].map(kernelGanRate)).toEqual([2e-4, 2e-4, 2e-5, expect.closeTo(2e-7, 12)]);
  });
});

describe("KernelGAN", () => {
  it("gives the same kernel to the bit for the same seed, and another for another", async () => {
    const estimate = async (seed: number) =>
      (await (await KernelGAN.load(gpu.engine)).estimate(image, { steps: 3, seed })).kernel.values;
    const first = await estimate(1);
    expect(await estimate(1)).toEqual(first);
    expect(await estimate(2)).not.toEqual(first);
  });

  it("takes the largest values for the kernel, and makes their sum one", () => {
    const values = Array.from({ length: 121 }, (_, i) => (i < 41 ? 1 + i / 41 : 0.1));
    const { values: kept } = suppressSmall(blurKernel(values, 2));
    // The 41st largest value is 1, so 0.75 goes off all of them.
    expect(kept[0] / kept[40]).toBeCloseTo(0.25 / (0.25 + 40 / 41), 6);
    expect(kept[41]).toBe(0);
    expect(Array.from(kept).reduce((sum, value) => sum + value)).toBeCloseTo(1, 6);
    const nothing = blurKernel(new Array(121).fill(0), 2);
    expect(suppressSmall(nothing).values).toEqual(nothing.values);
  });
});
