import { describe, expect, it } from "vitest";
import { diskKernel, motionKernel } from "../../../src/kernel/families/motion-and-disk-kernels.js";
import { centerOfMass } from "../../../src/kernel/kernel-offset.js";
import { kernelCovariance } from "../../../src/kernel/metrics/kernel-metrics.js";
import { principalAxes } from "../../../src/kernel/metrics/principal-axes.js";

describe("kernels of motions and disks", () => {
  it.each([
    ["motion", motionKernel(5, 0.4)],
    ["still", motionKernel(0, 0)],
    ["disk", diskKernel(3)],
  ])("%s sums to 1 and is centered where the paper's are", (_, kernel) => {
    expect(kernel.values.reduce((sum, value) => sum + value, 0)).toBeCloseTo(1, 12);
    const center = centerOfMass(kernel);
    expect(center).toEqual([expect.closeTo(4.5, 2), expect.closeTo(4.5, 2)]);
  });

  it.each([0, 0.4, 1.2, 2.5])("a motion leans as it was told: %d", (theta) => {
    const axes = principalAxes(kernelCovariance(motionKernel(6, theta)));
    expect(Math.abs(Math.sin(axes.theta - theta))).toBeLessThan(0.02);
    // A line has variance length² / 12, and the lens makes its ends soft.
    expect(axes.wide - axes.narrow).toBeGreaterThan(6 ** 2 / 12);
    expect(axes.wide - axes.narrow).toBeLessThan(8 ** 2 / 12);
  });

  it("a disk is round, and wider with its radius", () => {
    const widths = [1, 2, 3, 4].map((radius) => {
      const { wide, narrow } = principalAxes(kernelCovariance(diskKernel(radius)));
      expect(wide - narrow).toBeLessThan(0.02);
      return wide;
    });
    expect(widths).toEqual([...widths].sort((a, b) => a - b));
    // A disk has variance radius² / 4 on each axis; here the soft edge adds to it.
    expect(widths[2]).toBeGreaterThan(3 ** 2 / 4);
  });
});
