import { expect, it } from "vitest";
import { covarianceKernel } from "../../../src/kernel/families/covariance-kernel.js";
import { lensKernel } from "../../../src/kernel/families/lens-kernel.js";
import { x2Kernel } from "../../../src/kernel/families/x2-kernel.js";
import { uncenteredX4Kernel } from "../../../src/kernel/families/x4-kernel.js";
import { centerOfMass } from "../../../src/kernel/kernel-offset.js";
import { kernelCovariance } from "../../../src/kernel/metrics/kernel-metrics.js";
import { naturalKernel } from "../../../src/kernel/natural-kernel.js";
import { kernelSum } from "../../../src/kernel/normalize-kernel.js";

it.each([
  ["a round Gaussian", { kind: "gauss", sigmas: [3, 3], angle: 0 }],
  ["a long Gaussian", { kind: "gauss", sigmas: [5, 2], angle: 0.5 }],
  ["a disk", { kind: "disk", radius: 5 }],
  ["a motion", { kind: "motion", length: 12, angle: 1, bend: 0 }],
] as const)(
  "the ×4 kernel that follows from the ×2 kernel of %s has the covariance asked for",
  (_, shape) => {
    const kernel = naturalKernel(lensKernel({ shape, lens: 1 }), 4);
    const narrow = x2Kernel(kernel);
    const wanted = kernelCovariance(kernel);
    const found = kernelCovariance(uncenteredX4Kernel(narrow));
    expect(narrow.scale).toBe(2);
    expect(kernelSum(narrow)).toBeCloseTo(1, 12);
    expect(found.xx + found.yy).toBeCloseTo(wanted.xx + wanted.yy, 0);
    // Sharing values among neighbors makes long kernels a little rounder.
    expect(Math.abs(found.xx - found.yy - wanted.xx + wanted.yy)).toBeLessThan(0.7);
    expect(Math.abs(found.xy - wanted.xy)).toBeLessThan(0.7);
    const middle = (narrow.size - 1) / 2 + 0.5;
    for (const place of centerOfMass(narrow)) expect(place).toBeCloseTo(middle, 1);
  },
);

it("a ×2 kernel stays itself", () => {
  const kernel = covarianceKernel({ xx: 2, xy: 0.5, yy: 3 });
  expect(x2Kernel(kernel)).toBe(kernel);
});
