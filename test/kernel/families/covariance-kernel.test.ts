import { describe, expect, it } from "vitest";
import { RandomStream } from "../../../src/engine/random.js";
import { covarianceKernel, KERNEL_VARIANCES } from "../../../src/kernel/families/covariance-kernel.js";
import {
  randomDiskKernel,
  randomMotionKernel,
} from "../../../src/kernel/families/motion-and-disk-kernels.js";
import { randomKernel } from "../../../src/kernel/families/random-kernel.js";
import { type Covariance, kernelCovariance, kernelPsnr } from "../../../src/kernel/metrics/kernel-metrics.js";
import { clampedCovariance, principalAxes } from "../../../src/kernel/metrics/principal-axes.js";

const difference = (a: Covariance, b: Covariance): number =>
  Math.abs(a.xx - b.xx) + 2 * Math.abs(a.xy - b.xy) + Math.abs(a.yy - b.yy);

describe("covarianceKernel", () => {
  it("finds the paper's kernels again by their covariance, cut off as it is by the grid", () => {
    const random = new RandomStream(1, 40);
    for (let i = 0; i < 40; i++) {
      const kernel = randomKernel(random);
      const found = covarianceKernel(kernelCovariance(kernel));
      expect(difference(kernelCovariance(found), kernelCovariance(kernel))).toBeLessThan(1e-5);
      expect(kernelPsnr(found, kernel)).toBeGreaterThan(100);
    }
  });

  it.each([
    ["motions", randomMotionKernel],
    ["disks", randomDiskKernel],
  ])("reaches the covariances of all %s", (_, randomOf) => {
    const random = new RandomStream(2, 40);
    for (let i = 0; i < 100; i++) {
      const covariance = kernelCovariance(randomOf(random));
      expect(difference(kernelCovariance(covarianceKernel(covariance)), covariance)).toBeLessThan(0.02);
    }
  });

  it("brings a covariance that no kernel has into the range", () => {
    const covariance = kernelCovariance(covarianceKernel({ xx: 9, xy: 8, yy: 1 }));
    const { wide, narrow, theta } = principalAxes(covariance);
    expect(wide).toBeCloseTo(KERNEL_VARIANCES[1], 2);
    expect(narrow).toBeCloseTo(KERNEL_VARIANCES[0], 2);
    expect(theta).toBeCloseTo(principalAxes({ xx: 9, xy: 8, yy: 1 }).theta, 2);
  });
});

describe("clampedCovariance", () => {
  it("leaves one alone that lies within the bounds", () => {
    const covariance = { xx: 2, xy: -0.7, yy: 1 };
    expect(difference(clampedCovariance(covariance, [0.1, 5]), covariance)).toBeLessThan(1e-12);
  });

  it("keeps the axes and clips the variances", () => {
    const clamped = clampedCovariance({ xx: 1, xy: 3, yy: 1 }, [0.5, 2]);
    const { wide, narrow, theta } = principalAxes(clamped);
    expect([wide, narrow, theta]).toEqual([2, 0.5, Math.PI / 4].map((value) => expect.closeTo(value, 12)));
  });
});
