import { describe, expect, it } from "vitest";
import { rgbImage } from "../../src/image/rgb-image.js";
import { alignKernel } from "../../src/kernel/align-kernel.js";
import { type BlurKernel, blurKernel, flipKernel } from "../../src/kernel/blur-kernel.js";
import { degrade } from "../../src/kernel/degradation/degrade.js";
import { gaussianKernel } from "../../src/kernel/families/gaussian-kernel.js";
import { x4Kernel } from "../../src/kernel/families/x4-kernel.js";
import { kernelOffset } from "../../src/kernel/kernel-offset.js";
import { kernelGrid } from "../../src/kernel/metrics/kernel-grid.js";
import { kernelCovariance } from "../../src/kernel/metrics/kernel-metrics.js";
import { toNaturalGrid } from "../../src/kernel/natural-kernel.js";

const X2 = gaussianKernel({ lambda1: 3, lambda2: 1, theta: 0.5 });
const X4 = x4Kernel(X2);

/** A Gaussian around the middle of an odd square, as in most programs. */
const centered = (size: number): BlurKernel<"correlation"> => {
  const half = (size - 1) / 2;
  const values = Array.from({ length: size ** 2 }, (_, i) =>
    Math.exp(-((Math.floor(i / size) - half) ** 2 + ((i % size) - half) ** 2) / 6),
  );
  const sum = values.reduce((total, value) => total + value, 0);
  return blurKernel(
    values.map((value) => value / sum),
    2,
  );
};

describe("alignKernel", () => {
  it.each([
    ["the paper's ×2", X2, 2],
    ["the paper's ×4", X4, 4],
    ["a convolution kernel", flipKernel(X2), 2],
    ["a natural one", toNaturalGrid(X4), 4],
    ["one around the middle", centered(13), 2],
  ])("puts %s kernel on the grid of a plain enlargement", (_name, kernel, scale) => {
    const aligned = alignKernel(kernel, scale, "photo");
    for (const place of kernelOffset(aligned)) expect(Math.abs(place - (scale - 1) / 2)).toBeLessThan(0.02);
    expect(aligned.values.reduce((sum, value) => sum + value, 0)).toBeCloseTo(
      kernel.values.reduce((sum, value) => sum + value, 0),
      9,
    );
  });

  it("moves by half a pixel without blurring", () => {
    const kernel = centered(13);
    const half = alignKernel(kernel, 2, "photo") as BlurKernel<"correlation">;
    const { xx, yy } = kernelCovariance(kernel);
    expect(kernelCovariance(half).xx).toBeCloseTo(xx, 3);
    expect(kernelCovariance(half).yy).toBeCloseTo(yy, 3);
    // A ramp that is blurred so comes out half a pixel further.
    const ramp = rgbImage(
      48,
      48,
      Float32Array.from({ length: 3 * 48 ** 2 }, (_, i) => ((i % 48) + Math.floor(i / 48)) / 96),
    );
    const at = 24 * 48 + 24;
    const [before, after] = [degrade(ramp, kernel, 1).data[at], degrade(ramp, half, 1).data[at]];
    expect(96 * (after - before)).toBeCloseTo(1, 3);
  });

  it("leaves kernels where they are for the paper's grid, and at ×1", () => {
    expect(alignKernel(X2, 2, "paper")).toBe(X2);
    expect(alignKernel(X2, 1, "photo")).toBe(X2);
    expect(alignKernel(toNaturalGrid(X2), 2, "photo")).toEqual(toNaturalGrid(X2));
  });
});

describe("kernelGrid", () => {
  it("tells the paper's grid from the natural one, and both from others", () => {
    expect(kernelGrid([X2, X2], 2)).toBe("paper");
    expect(kernelGrid([toNaturalGrid(X2)], 2)).toBe("photo");
    expect(kernelGrid([toNaturalGrid(X4)], 4)).toBe("photo");
    expect(kernelGrid([centered(13)], 2)).toBeUndefined();
    // A ×2 benchmark read as one of ×4.
    expect(kernelGrid([X2], 4)).toBeUndefined();
  });
});
