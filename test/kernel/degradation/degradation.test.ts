import { describe, expect, it } from "vitest";
import { RandomStream } from "../../../src/engine/random.js";
import { ImageError } from "../../../src/image/errors.js";
import { type RgbImage, rgbImage } from "../../../src/image/rgb-image.js";
import { blurKernel } from "../../../src/kernel/blur-kernel.js";
import { degrade } from "../../../src/kernel/degradation/degrade.js";
import { KernelError } from "../../../src/kernel/errors.js";
import { gaussianKernel, gaussianValues } from "../../../src/kernel/families/gaussian-kernel.js";
import { randomGaussian, randomKernel } from "../../../src/kernel/families/random-kernel.js";
import { uncenteredX4Kernel, x4Kernel } from "../../../src/kernel/families/x4-kernel.js";
import { centerOfMass } from "../../../src/kernel/kernel-offset.js";
import { shiftKernel } from "../../../src/kernel/kernel-shift.js";
import { splineShift } from "../../../src/kernel/spline-shift.js";
import fixture from "../../fixtures/image-maths.json";
import { maxDifference } from "../../support/difference.js";
import { expectSampled } from "../../support/sampled.js";
import { syntheticImage } from "../../support/synthetic-image.js";
import { loadTrace, loadTraceMeta, traceData } from "../../support/traces.js";

const identity = blurKernel([0, 0, 0, 0, 1, 0, 0, 0, 0], 1);

describe("splineShift", () => {
  it.each(fixture.shift.moves)("equals SciPy's shift by ($down, $right)", ({ down, right, values }) => {
    const shifted = splineShift(Float64Array.from(fixture.shift.grid), 7, 5, down, right);
    expect(maxDifference(shifted, values)).toBeLessThan(1e-14);
  });
});

describe("blur kernels", () => {
  it.each(fixture.kernels)("equal SciPy's for λ = $lambda1, $lambda2, θ = $theta", ({ x2, ...shape }) => {
    expect(maxDifference(gaussianKernel(shape).values, x2)).toBeLessThan(1e-14);
  });

  it("for ×4 equal SciPy's", () => {
    const kernel = x4Kernel(gaussianKernel(fixture.kernels[1]));
    expect([kernel.size, kernel.scale]).toEqual([21, 4]);
    expect(maxDifference(kernel.values, fixture.x4)).toBeLessThan(1e-14);
  });

  it("sum to 1 and are centered, drawn at random", () => {
    const random = new RandomStream(1, 0);
    for (const noise of [0, 0, 0.4, 0.4]) {
      const { values, size, scale } = randomKernel(random, noise);
      expect([size, scale]).toEqual([11, 2]);
      expect(values.reduce((sum, value) => sum + value, 0)).toBeCloseTo(1, 12);
      for (const position of centerOfMass({ values, size }))
        expect(Math.abs(position - 4.5)).toBeLessThan(0.2);
    }
  });

  it("are drawn from the paper's ranges", () => {
    const random = new RandomStream(2, 0);
    const shapes = Array.from({ length: 500 }, () => randomGaussian(random));
    for (const lambda of shapes.flatMap(({ lambda1, lambda2 }) => [lambda1, lambda2])) {
      expect(lambda >= 0.35 && lambda < 5).toBe(true);
    }
    const angles = shapes.map(({ theta }) => theta);
    expect(Math.min(...angles)).toBeLessThan(0.1);
    expect(Math.max(...angles)).toBeGreaterThan(3);
    expect(Math.max(...angles)).toBeLessThan(Math.PI);
    const noise = Array.from(randomGaussian(random, 0.4).noise ?? []);
    expect(noise.length).toBe(121);
    expect(Math.max(...noise.map(Math.abs))).toBeLessThanOrEqual(0.4);
  });

  it("are refused where they make no sense", () => {
    expect(() => gaussianKernel({ lambda1: 0, lambda2: 1, theta: 0 })).toThrow(KernelError);
    expect(() => gaussianKernel({ lambda1: 1, lambda2: 1, theta: 0, noise: [0] })).toThrow(KernelError);
    expect(() => x4Kernel(identity)).toThrow(KernelError);
  });
});

describe("degrade", () => {
  it("equals SciPy's circular correlation, for sides that do not divide by the scale", () => {
    const image = syntheticImage(1, 97, 82);
    expectSampled(image.data, fixture.image, 1e-12);
    const x2 = degrade(image, gaussianKernel(fixture.kernels[2]), 2);
    expect([x2.width, x2.height]).toEqual([48, 41]);
    expectSampled(x2.data, fixture.degradedX2, 1e-7);
    const x4 = degrade(image, blurKernel(fixture.x4, 4), 4);
    expect([x4.width, x4.height]).toEqual([24, 20]);
    expectSampled(x4.data, fixture.degradedX4, 1e-7);
  });

  it("wraps around images smaller than the kernel", () => {
    const tiny = rgbImage(4, 2, new Float32Array(24).fill(0.5));
    const small = degrade(tiny, gaussianKernel(fixture.kernels[0]), 2);
    expect([small.width, small.height]).toEqual([2, 1]);
    expect(maxDifference(small.data, new Float32Array(6).fill(0.5))).toBeLessThan(1e-7);
  });

  it("adds one normal value to each value of the result", () => {
    const image = rgbImage(40, 30, new Float32Array(3600).fill(0.5));
    const noise = { sigma: 0.1, random: new RandomStream(3, 0) };
    const { data } = degrade(image, identity, 1, { noise });
    const same = new RandomStream(3, 0);
    expect(
      maxDifference(
        data,
        Array.from(data, () => 0.5 + 0.1 * same.normal()),
      ),
    ).toBeLessThan(1e-7);
  });

  it("refuses scales that the image cannot have", () => {
    const image = rgbImage(3, 8, new Float32Array(72));
    for (const scale of [0, 1.5, 4, Number.NaN]) {
      expect(() => degrade(image, identity, scale)).toThrow(ImageError);
    }
  });
});

const trace = loadTrace("degradation");
const shapes =
  loadTraceMeta<{ kernels: { lambda1: number; lambda2: number; theta: number }[] }>("degradation")?.kernels ??
  [];

/** An image recorded as rows of interleaved pixels. */
function interleavedImage(size: number, pixels: ArrayLike<number>): RgbImage {
  const plane = size * size;
  return rgbImage(
    size,
    size,
    Float32Array.from({ length: 3 * plane }, (_, i) => pixels[(i % plane) * 3 + Math.floor(i / plane)]),
  );
}

describe.skipIf(!trace)("the authors' degradation", () => {
  const data = (name: string) => traceData(trace ?? new Map(), name);

  it.each(shapes.map((shape, index) => ({ ...shape, index })))("has kernel $index", ({ index, ...shape }) => {
    const k = `k${index}/`;
    const noisy = { ...shape, noise: data(`${k}noise`) };
    const raw = gaussianValues(noisy);
    expect(maxDifference(raw, data(`${k}raw`))).toBeLessThan(1e-14);
    expect(maxDifference(shiftKernel(raw, 11, 2), data(`${k}shifted_unnormalised`))).toBeLessThan(1e-13);
    const x2 = gaussianKernel(noisy);
    expect(maxDifference(x2.values, data(`${k}x2`))).toBeLessThan(1e-13);
    expect(maxDifference(uncenteredX4Kernel(x2).values, data(`${k}x4_analytic`))).toBeLessThan(1e-13);
    expect(maxDifference(x4Kernel(x2).values, data(`${k}x4`))).toBeLessThan(1e-13);
  });

  it.each(shapes.map((_, index) => index))("gives the low-resolution images of kernel %i", (index) => {
    const hr = interleavedImage(256, data("hr"));
    const x2 = degrade(hr, blurKernel(data(`k${index}/x2`), 2), 2);
    const x4 = degrade(hr, blurKernel(data(`k${index}/x4`), 4), 4);
    expect(maxDifference(x2.data, interleavedImage(128, data(`k${index}/lr_x2`)).data)).toBeLessThan(1e-6);
    expect(maxDifference(x4.data, interleavedImage(64, data(`k${index}/lr_x4`)).data)).toBeLessThan(1e-6);
  });
});
