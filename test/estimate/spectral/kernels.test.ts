import { describe, expect, it } from "vitest";
import { kernelOf } from "../../../src/estimate/spectral/kernels.js";
import { nearestEvenKernel } from "../../../src/estimate/spectral/nearest-even-kernel.js";
import { gaussianKernel } from "../../../src/kernel/families/gaussian-kernel.js";
import { diskKernel } from "../../../src/kernel/families/motion-and-disk-kernels.js";
import { kernelCovariance } from "../../../src/kernel/metrics/kernel-metrics.js";
import { GRID, type WholeReading } from "../../../src/model/spectral/whole-reading.js";

const DISK = diskKernel(2.5);
const GAUSSIAN = gaussianKernel({ lambda1: 1.5, lambda2: 1.5, theta: 0 });

/** A disk as it is read, with a part of a Gaussian in it; surely by no camera. */
function mixture(part: number): WholeReading {
  const { size } = DISK;
  const start = (GRID - size + 1) / 2;
  const kernel = new Float64Array(GRID ** 2);
  DISK.values.forEach((value, i) => {
    const place = (start + Math.floor(i / size)) * GRID + start + (i % size);
    kernel[place] = (1 - part) * value + part * GAUSSIAN.values[i];
  });
  const photo = { brightnessNoise: 0, camera: 0, compressed: 0, quality: 100, gaussian: 0 };
  const covariance = kernelCovariance(DISK);
  return { covariance, noise: 0, nonGaussianity: 0, error: 0.5, kernel, distance: 0.05, photo };
}

describe("a reading near a disk", () => {
  const [near, ratherNear, barelyNear, far] = [0.1, 0.18, 0.25, 0.6].map((part) => kernelOf(mixture(part)));

  it("becomes a disk, and as certain as it is near", () => {
    for (const { kernel } of [near, ratherNear, barelyNear]) {
      expect(nearestEvenKernel(kernel).distance).toBeLessThan(0.01);
    }
    const doubts = [near, ratherNear, barelyNear, far].map(({ uncertainty }) => uncertainty.nonGaussianity);
    expect(doubts[0]).toBe(0);
    expect(doubts[1]).toBeGreaterThan(0);
    expect(doubts[2]).toBeGreaterThan(1.5 * doubts[1]);
    expect(doubts[3]).toBeGreaterThan(doubts[2]);
  });

  it("stays as it is where it is far from one", () => {
    expect(nearestEvenKernel(far.kernel).distance).toBeGreaterThan(0.2);
    expect(far.uncertainty.error).toBe(0.5);
    expect(near.uncertainty.error).toBeCloseTo(0.35, 12);
  });
});
