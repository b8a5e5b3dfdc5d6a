import { describe, expect, it } from "vitest";
import { RandomStream } from "../../../src/engine/random.js";
import type { BlurKernel } from "../../../src/kernel/blur-kernel.js";
import type { BlurShape } from "../../../src/kernel/families/blur-shape.js";
import {
  paperKernel,
  randomDefocusKernel,
  randomShakeKernel,
} from "../../../src/kernel/families/wide-kernels.js";
import { kernelOffset } from "../../../src/kernel/kernel-offset.js";
import { kernelCovariance } from "../../../src/kernel/metrics/kernel-metrics.js";
import { principalAxes } from "../../../src/kernel/metrics/principal-axes.js";

const COUNT = 200;

const draw = (family: (random: RandomStream) => BlurKernel<"correlation">): BlurKernel<"correlation">[] =>
  Array.from({ length: COUNT }, (_, i) => family(new RandomStream(3, 77, i)));

/** Mean of a function over an interval. */
const meanOver = ([low, high]: readonly [number, number], value: (x: number) => number): number => {
  const points = 4000;
  let sum = 0;
  for (let i = 0; i < points; i++) sum += value(low + ((i + 0.5) / points) * (high - low));
  return sum / points;
};

/** Variance that a lens and the mean over a pixel add along each axis. */
const softness = (lens: number): number => lens ** 2 + 1 / 12;
const MEAN_SOFTNESS = meanOver([0.4, 0.8], softness);

/** Variance along each axis of a regular polygon's area, by the radius of its corners. */
const polygonVariance = (corners: number, radius: number): number =>
  (radius ** 2 * (2 + Math.cos((2 * Math.PI) / corners))) / 12;

/** Both variances of an even arc together: of a part of a circle's line around its center of mass. */
const arcVariance = (length: number, bend: number): number => {
  const radius = length / bend;
  return radius ** 2 * (1 - (Math.sin(bend / 2) / (bend / 2)) ** 2);
};

describe("paperKernel", () => {
  it.each<[string, BlurShape, (lens: number) => number]>([
    ["a disk", { kind: "disk", radius: 7.3 }, (lens) => 7.3 ** 2 / 2 + 2 * softness(lens)],
    [
      "a pentagon",
      { kind: "polygon", radius: 6, corners: 5, angle: 0.4 },
      (lens) => 2 * polygonVariance(5, 6) + 2 * softness(lens),
    ],
    [
      "an arc",
      { kind: "motion", length: 14, angle: 1, bend: 1.2 },
      (lens) => arcVariance(14, 1.2) + 2 * softness(lens),
    ],
  ])("has the variance of %s, sums to 1 and lies where the paper's do", (_, shape, variance) => {
    const kernel = paperKernel({ shape, lens: 0.6 });
    expect(kernel.size % 2).toBe(1);
    expect(kernel.values.reduce((sum, value) => sum + value, 0)).toBeCloseTo(1, 12);
    for (const place of kernelOffset(kernel)) expect(place).toBeCloseTo(-0.5, 2);
    const { xx, yy } = kernelCovariance(kernel);
    expect(Math.abs((xx + yy) / variance(0.6) - 1)).toBeLessThan(0.01);
  });
});

describe("the families of wide blur", () => {
  it("has lenses out of focus by 4 to 8 pixels, half of them with five to eight corners", () => {
    const variances = draw(randomDefocusKernel).map((kernel) => {
      const { wide, narrow } = principalAxes(kernelCovariance(kernel));
      // Disks and regular polygons have no direction.
      expect(wide / narrow).toBeLessThan(1.03);
      expect(kernel.size).toBeLessThan(31);
      return (wide + narrow) / 2;
    });
    const polygon = [5, 6, 7, 8].reduce((sum, corners) => sum + polygonVariance(corners, 1) / 4, 0);
    const expected = meanOver([4, 8], (radius) => radius ** 2) * (0.5 * 0.25 + 0.5 * polygon) + MEAN_SOFTNESS;
    const mean = variances.reduce((sum, value) => sum + value, 0) / COUNT;
    // Four standard deviations of the mean of 200.
    expect(Math.abs(mean - expected)).toBeLessThan(0.9);
    expect(Math.min(...variances)).toBeGreaterThan(polygonVariance(5, 4));
    expect(Math.min(...variances)).toBeLessThan(polygonVariance(5, 4.5) + softness(0.8));
    expect(Math.max(...variances)).toBeLessThan(8 ** 2 / 4 + softness(0.8) + 0.1);
    expect(Math.max(...variances)).toBeGreaterThan(7.7 ** 2 / 4);
  });

  it("shakes along arcs of 7 to 15 pixels to all sides, and none of them is a line", () => {
    const axes = draw(randomShakeKernel).map((kernel) => {
      expect(kernel.size).toBeLessThan(31);
      return principalAxes(kernelCovariance(kernel));
    });
    const expected =
      meanOver([7, 15], (length) => length ** 2) * meanOver([0.3, 1.5], (bend) => arcVariance(1, bend)) +
      2 * MEAN_SOFTNESS;
    const mean = axes.reduce((sum, { wide, narrow }) => sum + wide + narrow, 0) / COUNT;
    expect(Math.abs(mean - expected)).toBeLessThan(1.4);
    const wide = axes.map((each) => each.wide);
    expect(Math.max(...wide)).toBeLessThan(15 ** 2 / 12 + softness(0.8));
    expect(Math.max(...wide)).toBeGreaterThan(14 ** 2 / 12);
    expect(Math.min(...wide)).toBeLessThan(7.7 ** 2 / 12 + softness(0.8));
    // Angles in all eighths of a turn's half.
    expect(
      new Set(axes.map(({ theta }) => Math.floor(((theta + Math.PI) % Math.PI) / (Math.PI / 8)))).size,
    ).toBe(8);
    // A bent path has no point symmetry: its third moments do not vanish.
    const skewed = draw(randomShakeKernel).filter((kernel) => skewness(kernel) > 0.01);
    expect(skewed.length).toBeGreaterThan(0.9 * COUNT);
  });
});

/** Length of the vector of mean offset · squared distance, relative to the third power of the width. */
function skewness({ size, values, ...rest }: BlurKernel<"correlation">): number {
  const [row, column] = kernelOffset({ size, values, ...rest });
  const middle = Math.floor(size / 2);
  const { xx, yy } = kernelCovariance({ size, values, ...rest });
  let [right, down] = [0, 0];
  values.forEach((value, i) => {
    const [x, y] = [(i % size) - middle - column, Math.floor(i / size) - middle - row];
    right += value * x * (x ** 2 + y ** 2);
    down += value * y * (x ** 2 + y ** 2);
  });
  return Math.hypot(right, down) / (xx + yy) ** 1.5;
}
