import { describe, expect, it, vi } from "vitest";
import { NumericalError } from "../../../src/engine/errors.js";
import { Adaptation, type AdaptationResult } from "../../../src/estimate/adaptation/adaptation.js";
import { recordMetaKernelGanStep } from "../../../src/estimate/metakernelgan/metakernelgan-step.js";
import type { RgbImage } from "../../../src/image/rgb-image.js";
import json from "../../fixtures/adaptation.json";
import { adaptBySteps, isIdleBias } from "../../support/adapt-by-steps.js";
import { useEngine } from "../../support/engine.js";
import { relativeError } from "../../support/gradient-check.js";
import {
  type AdaptationFixture,
  type GradientSamples,
  syntheticImage,
  syntheticNoise,
  syntheticWeights,
} from "../../support/synthetic.js";

const fixture = json as unknown as AdaptationFixture;
const weights = new Map([...syntheticWeights(fixture)].map(([name, { data }]) => [name, data]));
const image = syntheticImage(fixture);
const gpu = useEngine();

function start(
  steps: number,
  options: { noise?: boolean; image?: RgbImage; weights?: typeof weights; corners?: number[] } = {},
): Promise<Adaptation> {
  return Adaptation.record(
    gpu.engine,
    options.weights ?? weights,
    {
      image: options.image ?? image,
      steps,
      corners: options.corners ?? fixture.patches.slice(0, Math.max(1, steps)).flat(),
      seed: fixture.seed,
      noise: options.noise ?? false,
    },
    recordMetaKernelGanStep(),
  );
}

async function adapt(...args: Parameters<typeof start>): Promise<AdaptationResult> {
  const adaptation = await start(...args);
  try {
    return await adaptation.run();
  } finally {
    adaptation.dispose();
  }
}

function furthest(actual: ArrayLike<number> | undefined, expected: readonly number[]): number {
  expect(actual).toHaveLength(expected.length);
  return Math.max(...expected.map((value, i) => Math.abs((actual?.[i] as number) - value)));
}

function expectLosses(
  actual: AdaptationResult["losses"],
  expected: AdaptationFixture["losses"],
  steps: number,
): void {
  expected.slice(0, steps).forEach((losses, step) => {
    const { adversarial, constraints, discriminator } = actual[step] as AdaptationResult["losses"][number];
    const error = furthest([adversarial, adversarial + constraints, discriminator], losses);
    expect(error, `losses of step ${step + 1}`).toBeLessThan(step < 2 ? 1e-6 : 1e-4);
  });
}

/** Compares samples relative to the whole tensor's norm, and the norm itself. */
function expectGradients(
  actual: ReadonlyMap<string, Float32Array>,
  expected: Readonly<Record<string, GradientSamples>>,
): void {
  const names = Object.keys(expected).filter((name) => !isIdleBias(name));
  expect(names.length).toBeGreaterThan(17);
  for (const name of names) {
    const { norm, values, indices } = expected[name] as GradientSamples;
    const all = actual.get(name) ?? new Float32Array();
    expect(Math.abs(Math.hypot(...all) / norm - 1), `norm of ${name}`).toBeLessThan(1e-4);
    const samples = indices ? indices.map((i) => all[i] as number) : [...all];
    // As if every value that was not stored were as far off as those that were.
    const share = Math.sqrt(all.length / values.length);
    const error = (relativeError(samples, values) * Math.hypot(...values) * share) / norm;
    expect(error, name).toBeLessThan(1e-4);
  }
}

describe("adaptation against the float64 reference", () => {
  it("has its kernels and its losses", async () => {
    const { kernels, losses } = await adapt(25);
    expect(kernels).toHaveLength(26);
    expect(losses).toHaveLength(25);
    const tolerances = { 0: 1e-7, 1: 1e-7, 2: 1e-7, 5: 3e-5, 25: 5e-3 };
    expect(Object.keys(fixture.kernels)).toEqual(Object.keys(tolerances));
    for (const [steps, tolerance] of Object.entries(tolerances)) {
      const error = furthest(kernels[Number(steps)], fixture.kernels[steps] as number[]);
      expect(error, `after ${steps} steps`).toBeLessThan(tolerance);
    }
    expectLosses(losses, fixture.losses, 5);
  });

  it("has its kernels, losses and gradients with noise on the discriminator's inputs", async () => {
    const { kernels, losses } = await adapt(2, { noise: true });
    for (const steps of ["1", "2"]) {
      const expected = fixture.noise.kernels[steps] as number[];
      expect(furthest(kernels[Number(steps)], expected), `after ${steps} steps`).toBeLessThan(1e-7);
    }
    expectLosses(losses, fixture.noise.losses, 2);
    const corners = fixture.patches.slice(0, 1);
    const [step] = await adaptBySteps(gpu.engine, weights, image, corners, (i) => syntheticNoise(fixture, i));
    const expected = Object.entries(fixture.noise.gradients);
    expectGradients(step?.gradients ?? new Map(), { ...fixture.gradients, ...Object.fromEntries(expected) });
  });

  it("has its gradients, and the kernels of the recorded program, when a step is taken apart", async () => {
    const steps = await adaptBySteps(gpu.engine, weights, image, fixture.patches.slice(0, 2));
    expectGradients(steps[0]?.gradients ?? new Map(), fixture.gradients);
    const { kernels } = await adapt(2);
    expect(steps.map(({ kernel }) => kernel)).toEqual(kernels.slice(1));
  });

  it("moves the power iterations on as the reference does", async () => {
    const adaptation = await start(2);
    await adaptation.run();
    const vectors = await adaptation.discriminator.vectors.read();
    expect(Object.keys(fixture.power).length).toBeGreaterThan(1);
    for (const [name, expected] of Object.entries(fixture.power)) {
      expect(furthest(vectors.get(name), [...expected]), name).toBeLessThan(1e-5);
    }
    adaptation.dispose();
  });
});

describe("adaptation's cost", () => {
  it("is at most 0.14 billion multiply-adds a step", async () => {
    const adaptation = await start(1);
    const counted = adaptation.step.dispatches.reduce((sum, { multiplyAdds }) => sum + multiplyAdds, 0);
    expect(counted).toBe(adaptation.step.multiplyAdds);
    expect(counted).toBeGreaterThan(0.12e9);
    expect(counted).toBeLessThanOrEqual(0.14e9);
    adaptation.dispose();
  });

  it("is at most 60 dispatches a step, a submission every five, and not a buffer nor a readback", async () => {
    const { device } = gpu.engine;
    const calls = {
      dispatches: vi.spyOn(GPUComputePassEncoder.prototype, "dispatchWorkgroups"),
      submits: vi.spyOn(GPUQueue.prototype, "submit"),
      allocations: vi.spyOn(device, "createBuffer"),
      readbacks: vi.spyOn(GPUBuffer.prototype, "mapAsync"),
    };
    type Counts = Record<keyof typeof calls, number>;
    const cost = async (steps: number): Promise<Counts> => {
      const adaptation = await start(steps, { noise: true });
      for (const spy of Object.values(calls)) spy.mockClear();
      await adaptation.run();
      adaptation.dispose();
      return Object.fromEntries(
        Object.entries(calls).map(([name, spy]) => [name, spy.mock.calls.length]),
      ) as Counts;
    };
    // Starting and reading the result cost the same for any number of steps.
    const [few, many] = [await cost(5), await cost(25)];
    for (const spy of Object.values(calls)) spy.mockRestore();
    expect(few.dispatches).toBeGreaterThan(5 * 40);
    expect(many.dispatches - few.dispatches).toBeLessThanOrEqual(20 * 60);
    expect(many.submits - few.submits).toBeLessThanOrEqual(20 / 5);
    expect(many.allocations - few.allocations).toBe(0);
    expect(many.readbacks - few.readbacks).toBe(0);
    expect(many.readbacks).toBeGreaterThan(0);
  });

  it("is at most 32 MiB for 200 steps, however large the image, and nothing when disposed of", async () => {
    expect(gpu.engine.memory.bytes).toBe(0);
    const large = { width: 1500, height: 1000, data: new Float32Array(3 * 1500 * 1000).fill(0.5) };
    const corners = Array.from({ length: 400 }, (_, i) => 4 * i);
    const adaptation = await start(200, {
      image: large,
      corners: corners.map((place) => place % 936),
      noise: true,
    });
    expect(gpu.engine.memory.bytes).toBeLessThanOrEqual(32 * 2 ** 20);
    adaptation.dispose();
    expect(gpu.engine.memory.bytes).toBe(0);
  });
});

describe("adaptation", () => {
  it("gives the same to the bit again", async () => {
    expect(await adapt(3, { noise: true })).toEqual(await adapt(3, { noise: true }));
  });

  it("gives the same to the bit from the whole image and from patches cut out of a larger one", async () => {
    const { width, height } = image;
    const side = 160;
    const data = new Float32Array(3 * side * side).fill(0.5);
    for (let row = 0; row < 3 * height; row++) {
      const place = Math.floor(row / height) * side + (row % height);
      data.set(image.data.subarray(row * width, (row + 1) * width), place * side);
    }
    // Three patches have more pixels than the image, and fewer than the larger one.
    const whole = await adapt(3, { noise: true });
    expect(await adapt(3, { noise: true, image: { width: side, height: side, data } })).toEqual(whole);
  });

  it("gives the start's kernel for no steps", async () => {
    const { kernels, losses } = await adapt(0);
    expect(kernels).toHaveLength(1);
    expect(furthest(kernels[0], fixture.kernels["0"] as number[])).toBeLessThan(1e-7);
    expect(losses).toEqual([]);
  });

  it("reports its progress in order, up to the last step", async () => {
    const adaptation = await start(12);
    const reported: number[] = [];
    await adaptation.run({ onProgress: (step) => reported.push(step) });
    expect(reported).toEqual([...new Set(reported)].sort((a, b) => a - b));
    expect(reported.length).toBeGreaterThan(1);
    expect(reported.at(-1)).toBe(12);
    adaptation.dispose();
  });

  it("stops with the signal's reason, reports nothing more, and gives its memory back", async () => {
    const controller = new AbortController();
    const reason = new Error("enough");
    const adaptation = await start(25);
    const reported: number[] = [];
    const onProgress = (step: number): void => {
      reported.push(step);
      controller.abort(reason);
    };
    await expect(adaptation.run({ onProgress, signal: controller.signal })).rejects.toBe(reason);
    adaptation.dispose();
    expect(gpu.engine.memory.bytes).toBe(0);
    // Two submissions are on their way at a time; the second says nothing after the abort.
    await gpu.engine.synchronize();
    expect(reported).toHaveLength(1);
    await expect(
      start(1).then((next) => next.run({ signal: controller.signal }).finally(() => next.dispose())),
    ).rejects.toBe(reason);
    expect(gpu.engine.memory.bytes).toBe(0);
  });

  it("says so when the kernel is not finite", async () => {
    const broken = new Map(weights).set("generator.5.weight", new Float32Array(64).fill(Number.NaN));
    await expect(adapt(1, { weights: broken })).rejects.toThrow(NumericalError);
    expect(gpu.engine.memory.bytes).toBe(0);
    // What was left on the device does no harm.
    const { kernels } = await adapt(1);
    expect(furthest(kernels[1], fixture.kernels["1"] as number[])).toBeLessThan(1e-7);
  });
});
