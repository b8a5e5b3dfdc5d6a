import { describe, expect, it } from "vitest";
import { expectedUncertainty } from "../../../src/estimate/kernel-uncertainty.js";
import { automaticSigma, CERTAIN } from "../../../src/upscale/sigma/automatic-sigma.js";

describe("automaticSigma", () => {
  it("is the noise where the kernel is the true one, or as good", () => {
    expect(automaticSigma({ noise: 7, ...CERTAIN })).toBe(7);
    expect(automaticSigma({ noise: 0, error: 0.3, nonGaussianity: 0.004 })).toBe(0);
  });

  it("grows with noise, with the kernel's error, and with its nonGaussianity from a Gaussian", () => {
    const plain = { noise: 3, error: 0.5, nonGaussianity: 0.01 };
    for (const more of [{ noise: 4 }, { error: 0.7 }, { nonGaussianity: 0.02 }]) {
      expect(automaticSigma({ ...plain, ...more })).toBeGreaterThan(automaticSigma(plain));
    }
  });

  it("does not blur away an image for a kernel that is far off", () => {
    const far = automaticSigma({ noise: 0, error: 8, nonGaussianity: 0.1 });
    expect(far).toBeLessThanOrEqual(5);
    expect(automaticSigma({ noise: 0, ...expectedUncertainty(undefined, false) })).toBe(far);
  });
});
