import { describe, expect, it } from "vitest";
import { ImageError } from "../../../src/image/errors.js";
import { luma, psnrY, ssimY } from "../../../src/image/metrics/image-metrics.js";
import { rgbImage } from "../../../src/image/rgb-image.js";
import { blurKernel, flipKernel } from "../../../src/kernel/blur-kernel.js";
import { KernelError } from "../../../src/kernel/errors.js";
import { kernelCov, kernelCovariance, kernelPsnr } from "../../../src/kernel/metrics/kernel-metrics.js";
import fixture from "../../fixtures/image-maths.json";
import { maxDifference } from "../../support/difference.js";
import { syntheticImage } from "../../support/synthetic-image.js";
import { loadTrace, loadTraceMeta, traceData } from "../../support/traces.js";

const [first, second] = fixture.kernels.map(({ x2 }) => blurKernel(x2, 2));

describe("kernel metrics", () => {
  it("equal NumPy's", () => {
    const { psnr, covariance, kCov } = fixture.kernelMetrics;
    expect(kernelPsnr(first, second)).toBeCloseTo(psnr, 10);
    const { xx, xy, yy } = kernelCovariance(second);
    expect(maxDifference([xx, xy, xy, yy], covariance.flat())).toBeLessThan(1e-12);
    expect(kernelCov(first, second)).toBeCloseTo(kCov, 11);
  });

  it("are perfect for equal kernels", () => {
    expect(kernelPsnr(first, first)).toBe(Infinity);
    expect(kernelCov(first, first)).toBe(0);
  });

  it("refuse kernels that cannot be compared", () => {
    expect(() => kernelPsnr(first, blurKernel(fixture.x4, 4))).toThrow(KernelError);
    expect(() => kernelCov(first, flipKernel(second))).toThrow(KernelError);
  });
});

describe("image metrics", () => {
  const sr = syntheticImage(1, 97, 82);
  const hr = syntheticImage(2, 97, 82);

  it.each(fixture.imageMetrics)("equal SciPy's without $shave pixels", ({ shave, psnr, ssim }) => {
    expect(psnrY(sr, hr, shave)).toBeCloseTo(psnr, 10);
    expect(ssimY(sr, hr, shave)).toBeCloseTo(ssim, 12);
  });

  it("are perfect for equal images", () => {
    expect(psnrY(sr, sr, 0)).toBe(Infinity);
    expect(ssimY(sr, sr, 0)).toBeCloseTo(1, 12);
  });

  it("refuse images that cannot be compared", () => {
    expect(() => psnrY(sr, syntheticImage(2, 96, 82), 2)).toThrow(ImageError);
    expect(() => psnrY(sr, hr, 41)).toThrow(ImageError);
    expect(() => ssimY(sr, hr, 36)).toThrow(ImageError);
  });

  it("clamp and round to 8 bits", () => {
    const { data } = luma(rgbImage(2, 1, Float32Array.of(-1, 2, 0.001, 2, 0, 2)));
    expect(data[0]).toBe(16);
    expect(data[1]).toBeCloseTo(235, 12);
  });
});

const trace = loadTrace("degradation");

describe.skipIf(!trace)("the authors' metrics", () => {
  const meta = loadTraceMeta<{
    metric_kernel: { k_psnr: number; k_cov: number; cov_est: number[][] };
    metric_image_shave2: { psnr: number; ssim: number };
    metric_image_shave4: { psnr: number; ssim: number };
  }>("degradation");
  const data = (name: string) => traceData(trace ?? new Map(), name);

  it("agree on the kernels", () => {
    const estimate = blurKernel(data("metric/k_est"), 2);
    const truth = blurKernel(data("metric/k_gt"), 2);
    // The recorded values were computed in float32.
    expect(Math.abs(kernelPsnr(estimate, truth) - (meta?.metric_kernel.k_psnr ?? 0))).toBeLessThan(1e-5);
    expect(Math.abs(kernelCov(estimate, truth) - (meta?.metric_kernel.k_cov ?? 0))).toBeLessThan(1e-4);
  });

  it("agree on the images", () => {
    const sr = rgbImage(256, 256, data("metric/sr") as Float32Array);
    const hr = rgbImage(256, 256, data("metric/hr") as Float32Array);
    expect(maxDifference(luma(sr).data, data("metric/y_sr"))).toBeLessThan(1e-10);
    for (const shave of [2, 4]) {
      const expected = shave === 2 ? meta?.metric_image_shave2 : meta?.metric_image_shave4;
      expect(Math.abs(psnrY(sr, hr, shave) - (expected?.psnr ?? 0))).toBeLessThan(1e-9);
      expect(Math.abs(ssimY(sr, hr, shave) - (expected?.ssim ?? 0))).toBeLessThan(1e-9);
    }
  });
});
