import { describe, expect, it } from "vitest";
import { RandomStream } from "../../../src/engine/random.js";
import { nearestEvenKernel } from "../../../src/estimate/spectral/nearest-even-kernel.js";
import { type BlurKernel, blurKernel } from "../../../src/kernel/blur-kernel.js";
import { gaussianKernel } from "../../../src/kernel/families/gaussian-kernel.js";
import {
  diskKernel,
  evenKernel,
  motionKernel,
} from "../../../src/kernel/families/motion-and-disk-kernels.js";
import { kernelPsnr } from "../../../src/kernel/metrics/kernel-metrics.js";

/** A kernel as a network reads it: each value off by up to a third of itself, the same turned by 180°. */
function roughly({ values, size, scale }: BlurKernel<"correlation">): BlurKernel<"correlation"> {
  const random = new RandomStream(7, 0);
  const factors = values.map(() => 1 + random.uniformIn(-1, 1) / 3);
  // A kernel is centered half a pixel before its middle: its last row and column have no counterpart.
  const isRim = (i: number): boolean => i % size === size - 1 || i >= size * (size - 1);
  const off = values.map((value, i) => {
    const turned = isRim(i) ? i : size * (size - 1) - 2 - i;
    return (value * (factors[i] + factors[turned])) / 2;
  });
  const sum = off.reduce((total, value) => total + value, 0);
  return blurKernel(
    off.map((value) => value / sum),
    scale,
  );
}

describe("the nearest kernel of an even blur", () => {
  it.each<[string, BlurKernel<"correlation">]>([
    ["a disk of 1.6", diskKernel(1.6)],
    ["a disk of 3.4", diskKernel(3.4)],
    ["a motion of 2.5 px", motionKernel(2.5, 0.4)],
    ["a motion of 6 px along the columns", motionKernel(6, Math.PI / 2)],
    ["a motion of 5 px down to the left", motionKernel(5, 2.5)],
    ["a disk of 7 on a larger grid", evenKernel(0, 0, 7, 19)],
    ["a motion of 12 px on a larger grid", evenKernel(12, 1, 0, 19)],
  ])("is the true one of %s, from a rough reading", (_, truth) => {
    const read = roughly(truth);
    const { kernel, distance } = nearestEvenKernel(read);
    expect(kernel.size).toBe(truth.size);
    expect(kernelPsnr(kernel, truth)).toBeGreaterThan(kernelPsnr(read, truth) + 6);
    const off = Math.hypot(...read.values.map((value, i) => value - kernel.values[i]));
    expect(distance).toBeCloseTo(off / Math.hypot(...read.values), 12);
  });

  it.each([
    ["round", gaussianKernel({ lambda1: 3, lambda2: 3, theta: 0 })],
    ["long", gaussianKernel({ lambda1: 4.5, lambda2: 1, theta: 0.5 })],
  ])("is far from a %s Gaussian", (_, gaussian) => {
    expect(nearestEvenKernel(gaussian).distance).toBeGreaterThan(0.2);
  });
});
