import { expect, it } from "vitest";
import { RandomStream } from "../../../src/engine/random.js";
import { randomDiv2krkKernel } from "../../../src/kernel/families/div2krk-kernel.js";
import { kernelOffset } from "../../../src/kernel/kernel-offset.js";
import { kernelCovariance } from "../../../src/kernel/metrics/kernel-metrics.js";

const COUNT = 200;

it("draws KernelGAN's kernels: variances in [0.6, 5], each value off by up to a quarter, on the natural grid", () => {
  const squares: number[] = [];
  const variances: number[] = [];
  for (let index = 0; index < COUNT; index++) {
    const kernel = randomDiv2krkKernel(new RandomStream(5, 77, index));
    expect([kernel.size, kernel.scale]).toEqual([11, 2]);
    expect(kernel.values.reduce((sum, value) => sum + value, 0)).toBeCloseTo(1, 12);
    // The grid has less room on one side, and cuts off a little of the widest.
    for (const place of kernelOffset(kernel)) expect(Math.abs(place - 0.5)).toBeLessThan(0.15);
    const { xx, xy, yy } = kernelCovariance(kernel);
    const half = Math.hypot((xx - yy) / 2, xy);
    variances.push((xx + yy) / 2 - half, (xx + yy) / 2 + half);
    // The Gaussian of the same draws without noise; what the kernel's sum is off by counts for all values alike.
    const random = new RandomStream(5, 77, index);
    const [first, second] = [random.uniformIn(0.6, 5), random.uniformIn(0.6, 5)];
    const theta = random.uniformIn(0, Math.PI);
    const plain = kernel.values.map((_, i) => {
      const [x, y] = [(i % 11) - 5.5, Math.floor(i / 11) - 5.5];
      const [along, across] = [
        Math.cos(theta) * x + Math.sin(theta) * y,
        Math.cos(theta) * y - Math.sin(theta) * x,
      ];
      return Math.exp(-(along ** 2 / first + across ** 2 / second) / 2);
    });
    const most = Math.max(...plain);
    const places = [...plain.keys()].filter((i) => plain[i] > most / 2);
    const ratios = places.map((i) => kernel.values[i] / plain[i]);
    const mean = ratios.reduce((sum, value) => sum + value, 0) / ratios.length;
    // The shift to the center of mass mixes neighbors, and changes a narrow kernel's by more.
    if (first > 1.5 && second > 1.5) squares.push(...ratios.map((ratio) => (ratio / mean - 1) ** 2));
  }
  // A number uniform in ±¼ has a standard deviation of 0.25 / √3.
  const deviation = Math.sqrt(squares.reduce((sum, value) => sum + value, 0) / squares.length);
  expect(deviation).toBeGreaterThan((0.85 * 0.25) / Math.sqrt(3));
  expect(deviation).toBeLessThan((1.15 * 0.25) / Math.sqrt(3));
  expect(Math.min(...variances)).toBeGreaterThan(0.5);
  expect(Math.min(...variances)).toBeLessThan(0.8);
  expect(Math.max(...variances)).toBeGreaterThan(3.8);
  expect(Math.max(...variances)).toBeLessThan(5);
});
