import { describe, expect, it } from "vitest";
import { blurKernel, flipKernel } from "../../../src/kernel/blur-kernel.js";
import { KernelError } from "../../../src/kernel/errors.js";
import { kernelCov, kernelCovariance, kernelPsnr } from "../../../src/kernel/metrics/kernel-metrics.js";
import fixture from "../../fixtures/image-maths.json";
import { maxDifference } from "../../support/difference.js";
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

const trace = loadTrace("degradation");

describe.skipIf(!trace)("the authors' metrics", () => {
  const meta = loadTraceMeta<{
    metric_kernel: { k_psnr: number; k_cov: number; cov_est: number[][] };
  }>("degradation");
  const data = (name: string) => traceData(trace ?? new Map(), name);

  it("agree on the kernels", () => {
    const estimate = blurKernel(data("metric/k_est"), 2);
    const truth = blurKernel(data("metric/k_gt"), 2);
    // The recorded values were computed in float32.
    expect(Math.abs(kernelPsnr(estimate, truth) - (meta?.metric_kernel.k_psnr ?? 0))).toBeLessThan(1e-5);
    expect(Math.abs(kernelCov(estimate, truth) - (meta?.metric_kernel.k_cov ?? 0))).toBeLessThan(1e-4);
  });
});
