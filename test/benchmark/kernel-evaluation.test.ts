import { describe, expect, it } from "vitest";
import {
  type EvaluationOptions,
  evaluateKernels,
  evaluationSteps,
} from "../../src/benchmark/kernel-evaluation.js";
import { NumericalError } from "../../src/engine/errors.js";
import type { EstimateOptions, KernelEstimator } from "../../src/estimate/kernel-estimator.js";
import type { RgbImage } from "../../src/image/rgb-image.js";
import { type BlurKernel, blurKernel } from "../../src/kernel/blur-kernel.js";
import { KernelError } from "../../src/kernel/errors.js";
import { gaussianKernel } from "../../src/kernel/families/gaussian-kernel.js";
import { ofOneSize } from "../../src/kernel/metrics/one-grid.js";
import { moveKernel } from "../../src/kernel/move-kernel.js";
import { syntheticImage } from "../support/synthetic-image.js";

const TRUTH = gaussianKernel({ lambda1: 1, lambda2: 3, theta: 0.5 });
const OPTIONS: EvaluationOptions = { scale: 2, steps: [0, 2, 3], runs: 2, seed: 7 };

/** A kernel whose every value is off by this much: its PSNR is −20 log10(error). */
const offBy = (error: number): BlurKernel<"correlation"> =>
  blurKernel(
    TRUTH.values.map((value) => value + error),
    2,
  );

/** What the evaluation does not use of an estimator. */
const UNUSED = { method: "meta", scales: [2], dispose() {}, [Symbol.dispose]() {} } as const;

/** Stands for the estimator: its error after a step is known, and differs by image, seed and step. */
function knownEstimator() {
  const calls: { width: number; options: EstimateOptions }[] = [];
  const model = {
    ...UNUSED,
    async estimate(image: RgbImage, options: EstimateOptions = {}) {
      calls.push({ width: image.width, options });
      const { seed = 0, steps = 200 } = options;
      options.onProgress?.({ phase: "kernel", done: 0, total: steps });
      const exponent = (step: number) => image.width / 10 + seed / 10 + step;
      const kernels = Array.from({ length: steps + 1 }, (_, step) => offBy(10 ** -exponent(step)));
      options.onProgress?.({ phase: "kernel", done: steps, total: steps });
      return { kernel: kernels[steps], kernels, losses: [], patches: [], steps, seed, scale: 2 as const };
    },
  } satisfies KernelEstimator;
  return { model, calls };
}

const item = (name: string, width: number) => ({
  name,
  kernel: TRUTH,
  image: async () => syntheticImage(1, width, 8),
});
const ITEMS = [item("narrow", 10), item("wide", 20)];

describe("evaluateKernels", () => {
  it("gives means over runs for each image, over all, and the deviation of the runs' means", async () => {
    const { model, calls } = knownEstimator();
    const { images, mean } = await evaluateKernels(model, ITEMS, OPTIONS);
    expect(calls.map(({ width, options }) => [width, options.seed, options.steps, options.scale])).toEqual([
      [10, 7, 3, 2],
      [10, 8, 3, 2],
      [20, 7, 3, 2],
      [20, 8, 3, 2],
    ]);
    expect(images.map(({ name }) => name)).toEqual(["narrow", "wide"]);
    expect(Object.keys(mean)).toEqual(["0", "2", "3"]);
    for (const step of OPTIONS.steps) {
      // −20 log10(error) = 20 · exponent, with seeds 7 and 8.
      expect(images[0].steps[step].kernelPsnr).toBeCloseTo(20 * (1 + 0.75 + step), 6);
      expect(images[1].steps[step].kernelPsnr).toBeCloseTo(20 * (2 + 0.75 + step), 6);
      expect(mean[step].kernelPsnr).toBeCloseTo(20 * (1.5 + 0.75 + step), 6);
      // The runs' means are 2 dB apart: each is 1 from the middle.
      expect(mean[step].kernelPsnrStd).toBeCloseTo(1, 6);
      const { kernelCov } = mean[step];
      expect(kernelCov).toBeCloseTo((images[0].steps[step].kernelCov + images[1].steps[step].kernelCov) / 2);
      expect(kernelCov).toBeGreaterThan(0);
    }
    expect(mean[0].kernelCov).toBeGreaterThan(mean[3].kernelCov);
  });

  it("counts steps over all estimates and starts once", async () => {
    const progress: number[] = [];
    const options = {
      ...OPTIONS,
      steps: [3, 0, 3],
      onProgress: (step: number) => progress.push(step),
    };
    const { mean } = await evaluateKernels(knownEstimator().model, ITEMS, options);
    expect(progress).toEqual([0, 3, 6, 9, 12]);
    expect(progress.at(-1)).toBe(evaluationSteps(ITEMS.length, options));
    expect(Object.keys(mean)).toEqual(["0", "3"]);
    progress.length = 0;
    await evaluateKernels(knownEstimator().model, ITEMS, { ...options, steps: [0] });
    expect(progress).toEqual([0]);
  });

  it("reads an image only when its turn comes", async () => {
    const { model, calls } = knownEstimator();
    const late = { ...item("late", 20), image: () => Promise.reject(new Error(`after ${calls.length}`)) };
    await expect(evaluateKernels(model, [ITEMS[0], late], OPTIONS)).rejects.toThrow("after 2");
  });

  it("compares kernels of other sizes around one middle", async () => {
    const { model } = knownEstimator();
    const wide = { ...ITEMS[0], kernel: moveKernel(TRUTH, 0, 1) };
    const padded = { ...ITEMS[0], kernel: ofOneSize(TRUTH, moveKernel(TRUTH, 0, 1))[0] };
    const options = { ...OPTIONS, steps: [3], runs: 1 };
    expect((await evaluateKernels(model, [wide], options)).mean[3].kernelPsnr).toBeLessThan(50);
    const { mean } = await evaluateKernels(model, [padded], options);
    // The error is within 121 of 169 values.
    expect(mean[3].kernelPsnr).toBeCloseTo(20 * (1 + 0.7 + 3) + 10 * Math.log10(169 / 121), 6);
  });

  it("refuses what cannot be evaluated before any work", async () => {
    const { model, calls } = knownEstimator();
    await expect(evaluateKernels(model, ITEMS, { ...OPTIONS, scale: 4 })).rejects.toThrow(
      "narrow: a kernel for ×4 has 21×21 values; the true one has 11×11.",
    );
    await expect(evaluateKernels(model, ITEMS, { ...OPTIONS, scale: 4 })).rejects.toThrow(KernelError);
    await expect(evaluateKernels(model, [], OPTIONS)).rejects.toThrow(RangeError);
    await expect(evaluateKernels(model, ITEMS, { ...OPTIONS, steps: [] })).rejects.toThrow(RangeError);
    await expect(evaluateKernels(model, ITEMS, { ...OPTIONS, runs: 0 })).rejects.toThrow(RangeError);
    expect(calls).toEqual([]);
  });

  it("says where an adaptation diverged", async () => {
    const model = {
      ...UNUSED,
      estimate: () => Promise.reject(new NumericalError("The adaptation diverged.")),
    };
    const result = evaluateKernels(model, ITEMS, OPTIONS);
    await expect(result).rejects.toThrow("narrow with seed 7: The adaptation diverged.");
    await expect(result).rejects.toThrow(NumericalError);
  });
});
