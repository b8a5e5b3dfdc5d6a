import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { AdaptiveEstimator, isAdaptive } from "../../src/estimate/adaptation/adaptive-estimator.js";
import { EstimateError } from "../../src/estimate/errors.js";
import type { EstimateOptions, KernelProgress } from "../../src/estimate/kernel-estimator.js";
import { METHOD_NAMES, METHODS } from "../../src/estimate/methods/methods.js";
import { SpectralEstimator } from "../../src/estimate/spectral/spectral-estimator.js";
import { ImageError } from "../../src/image/errors.js";
import type { RgbImage } from "../../src/image/rgb-image.js";
import { loadEstimator } from "../../src/pipeline/load-estimator.js";
import { WeightsError } from "../../src/weights/errors.js";
import { parseSafetensors } from "../../src/weights/safetensors.js";
import { useEngine } from "../support/engine.js";
import { syntheticImage } from "../support/synthetic-image.js";

const gpu = useEngine();
const IMAGE = syntheticImage(1, 64, 48);

const weightsOf = (name: (typeof METHOD_NAMES)[number], scale: 2 | 4): Uint8Array | undefined => {
  const file = METHODS[name].weights(scale);
  return file === undefined ? undefined : readFileSync(new URL(`../../models/${file}`, import.meta.url));
};

describe.each(METHOD_NAMES)("%s", (name) => {
  it("estimates for every scale that it names, and reports its progress", async () => {
    const steps = Math.min(2, METHODS[name].steps);
    for (const scale of [2, 4] as const) {
      const estimator = await loadEstimator(name, gpu.engine, weightsOf(name, scale));
      expect(estimator.method).toBe(name);
      expect(estimator.scales).toContain(scale);
      const progress: KernelProgress[] = [];
      const options = { scale, steps, onProgress: (each: KernelProgress) => progress.push(each) };
      const estimate = await estimator.estimate(IMAGE, options);
      const { size } = estimate.kernel;
      expect(estimate).toMatchObject({ scale, kernel: { scale } });
      // The spectral estimator gives kernels as large as the blur.
      if (estimator.method === "spectral" && scale === 2) expect([11, 13, 15]).toContain(size);
      else expect(size).toBe(scale === 2 ? 11 : 21);
      expect(progress[0]).toEqual({ phase: "kernel", done: 0, total: steps });
      expect(progress.at(-1)).toEqual({ phase: "kernel", done: steps, total: steps });
      // Either the kernels of all steps, or what is known of the noise.
      expect(isAdaptive(estimate) ? estimate.kernels.length : 0).toBe(steps > 0 ? steps + 1 : 0);
      expect(typeof estimate.noise).toBe(steps > 0 ? "undefined" : "number");
      expect(typeof estimate.uncertainty?.error).toBe(steps > 0 ? "undefined" : "number");
      estimator[Symbol.dispose]();
    }
    expect(gpu.engine.memory.bytes).toBe(0);
  });

  it("loads a file that is parsed already, and stops when it is asked to", async () => {
    const bytes = weightsOf(name, 2);
    const estimator = await loadEstimator(name, gpu.engine, bytes && parseSafetensors(bytes));
    const signal = AbortSignal.abort(new Error("enough"));
    await expect(estimator.estimate(IMAGE, { signal })).rejects.toThrow("enough");
    estimator.dispose();
  });
});

it("the spectral method stops while the spectrum is read", async () => {
  const estimator = await SpectralEstimator.load(gpu.engine, weightsOf("spectral", 2) as Uint8Array);
  const controller = new AbortController();
  const stop = () => void setTimeout(() => controller.abort(new Error("enough")));
  const stopped = estimator.estimate(IMAGE, { signal: controller.signal, onProgress: stop });
  await expect(stopped).rejects.toThrow("enough");
  await gpu.engine.synchronize();
  estimator.dispose();
});

describe.each(METHOD_NAMES)("%s refuses, with a typed error,", (name) => {
  const refused = async (image: RgbImage, options: EstimateOptions = {}): Promise<unknown> => {
    const estimator = await loadEstimator(name, gpu.engine, weightsOf(name, 2));
    const error = await estimator.estimate(image, options).catch((each: unknown) => each);
    estimator.dispose();
    return error;
  };
  const image = (value: (i: number) => number): RgbImage => ({
    ...IMAGE,
    data: IMAGE.data.map((_, i) => value(i)),
  });

  it("a photo without detail, or with a value that is not finite", async () => {
    expect(await refused(image(() => 0.5))).toBeInstanceOf(ImageError);
    expect(await refused(image((i) => (i === 7 ? Number.NaN : (i % 9) / 9)))).toBeInstanceOf(ImageError);
  });

  it("options out of their range", async () => {
    for (const seed of [-1, 1.5, Number.NaN, 2 ** 32]) {
      expect(await refused(IMAGE, { seed }), `seed ${seed}`).toBeInstanceOf(EstimateError);
    }
    for (const snapshotEvery of [0, -1, Number.NaN]) {
      expect(await refused(IMAGE, { snapshotEvery }), `every ${snapshotEvery}`).toBeInstanceOf(EstimateError);
    }
    for (const steps of [-1, 1.5, Number.NaN]) {
      expect(await refused(IMAGE, { steps }), `steps ${steps}`).toBeInstanceOf(EstimateError);
    }
  });
});

describe("what a method cannot do", () => {
  it("is a typed error", async () => {
    const spectral = await SpectralEstimator.load(gpu.engine, weightsOf("spectral", 4) as Uint8Array);
    expect(spectral.scales).toEqual([4]);
    await expect(spectral.estimate(IMAGE, { steps: 3 })).rejects.toThrow(EstimateError);
    await expect(spectral.estimate(IMAGE, { steps: 3 })).rejects.toThrow("has no steps; got 3.");
    await expect(spectral.estimate(IMAGE, { scale: 2 })).rejects.toThrow("for ×4; got ×2.");
    spectral.dispose();
    const meta = await loadEstimator("meta", gpu.engine, weightsOf("meta", 2));
    expect(meta).toBeInstanceOf(AdaptiveEstimator);
    for (const options of [{ steps: -1 }, { steps: 0.5 }, { seed: -1 }, { scale: 3 as 2 }]) {
      await expect(meta.estimate(IMAGE, options)).rejects.toThrow(EstimateError);
    }
    await expect(loadEstimator("dataset", gpu.engine, undefined)).rejects.toThrow(WeightsError);
  });
});
