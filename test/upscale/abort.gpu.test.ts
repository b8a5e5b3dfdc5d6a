import { describe, expect, it } from "vitest";
import { Engine } from "../../src/engine/device/engine.js";
import { MetaKernelGAN } from "../../src/estimate/metakernelgan/metakernelgan.js";
import { gaussianKernel } from "../../src/kernel/families/gaussian-kernel.js";
import { initialUpscaler, SMALL_USRNET } from "../../src/train/upscaler/initial-upscaler.js";
import { UsrNet } from "../../src/upscale/usrnet/usrnet.js";
import { useEngine, useOwnEngine } from "../support/engine.js";
import { syntheticImage } from "../support/synthetic-image.js";

const kernel = gaussianKernel({ lambda1: 3, lambda2: 1, theta: 0.5 });
const image = syntheticImage(5, 96, 80);
const reason = new Error("enough");

/** Counts the pipelines that an engine's device is compiling. */
function watchCompiling({ device }: Engine): { count: number } {
  const compiling = { count: 0 };
  const compile = device.createComputePipelineAsync.bind(device);
  device.createComputePipelineAsync = (descriptor) => {
    compiling.count++;
    const end = (): number => compiling.count--;
    const pipeline = compile(descriptor);
    pipeline.then(end, end);
    return pipeline;
  };
  return compiling;
}

describe("an upscaling that is aborted", () => {
  const gpu = useEngine();

  it("stops within its first iteration, and the next one gives what it would have given", async () => {
    using net = await UsrNet.load(gpu.engine, initialUpscaler(0));
    const before = gpu.engine.memory.bytes;
    const controller = new AbortController();
    const shares: number[] = [];
    const run = net.upscale(image, {
      kernel,
      scale: 2,
      signal: controller.signal,
      onProgress: ({ done, total }) => {
        shares.push(done / total);
        controller.abort(reason);
      },
    });
    await expect(run).rejects.toBe(reason);
    expect(shares).toHaveLength(1);
    expect(shares[0]).toBeLessThan(1 / SMALL_USRNET.iterations / 2);
    expect(gpu.engine.memory.bytes).toBe(before);
    const [first, second] = [
      await net.upscale(image, { kernel, scale: 2 }),
      await net.upscale(image, { kernel, scale: 2 }),
    ];
    expect(first).toEqual(second);
  });

  it("does not wait for a submission that is still running", async () => {
    let delay = 0;
    // As if the device were slow.
    const slow = new Engine(gpu.engine.device, false, async (promise) => {
      const value = await gpu.engine.wait(promise);
      if (delay > 0) await new Promise((over) => setTimeout(over, delay));
      return value;
    });
    using net = await UsrNet.load(slow, initialUpscaler(0));
    const controller = new AbortController();
    let aborted = 0;
    const run = net.upscale(image, {
      kernel,
      scale: 2,
      signal: controller.signal,
      onPlan: () => {
        delay = 3000;
        setTimeout(() => {
          aborted = performance.now();
          controller.abort(reason);
        });
      },
    });
    await expect(run).rejects.toBe(reason);
    expect(performance.now() - aborted).toBeLessThan(1000);
    await gpu.engine.synchronize();
    slow.dispose();
  });
});

describe("work that is aborted before it begins, or while shaders compile", () => {
  const gpu = useOwnEngine();

  it("records nothing if the signal was aborted", async () => {
    using net = await UsrNet.load(gpu.engine, initialUpscaler(0));
    const { peak } = gpu.engine.memory;
    const signal = AbortSignal.abort(reason);
    await expect(net.upscale(image, { kernel, scale: 2, signal })).rejects.toBe(reason);
    const estimator = await MetaKernelGAN.load(gpu.engine, "random");
    await expect(estimator.estimate(image, { steps: 5, signal })).rejects.toBe(reason);
    expect(gpu.engine.memory.peak).toBe(peak);
  });

  it("does not wait for the compiler", async () => {
    const compiling = watchCompiling(gpu.engine);
    using net = await UsrNet.load(gpu.engine, initialUpscaler(0));
    const before = gpu.engine.memory.bytes;
    for (const work of [
      (signal: AbortSignal) => net.upscale(image, { kernel, scale: 2, signal }),
      async (signal: AbortSignal) =>
        (await MetaKernelGAN.load(gpu.engine, "random")).estimate(image, { steps: 5, signal }),
    ]) {
      const controller = new AbortController();
      setTimeout(() => controller.abort(reason));
      await expect(work(controller.signal)).rejects.toBe(reason);
      expect(compiling.count).toBeGreaterThan(0);
      expect(gpu.engine.memory.bytes).toBe(before);
    }
    const result = await net.upscale(image, { kernel, scale: 2 });
    expect(result.data.every(Number.isFinite)).toBe(true);
  });
});
