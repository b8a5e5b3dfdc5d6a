import { describe, expect, it } from "vitest";
import { CERTAIN } from "../../../src/kernel/kernel-uncertainty.js";
import { automaticSigma, completeInputs } from "../../../src/upscale/sigma/automatic-sigma.js";

describe("automaticSigma", () => {
  it("is the noise where the kernel is the true one, or as good", () => {
    expect(automaticSigma({ noise: 7, uncertainty: CERTAIN })).toBe(7);
    expect(automaticSigma({ noise: 0, uncertainty: { error: 0.3, nonGaussianity: 0.004 } })).toBe(0);
  });

  it("grows with the noise, and with the kernel's error and non-Gaussianity", () => {
    const sigma = (noise: number, error: number, nonGaussianity: number): number =>
      automaticSigma({ noise, uncertainty: { error, nonGaussianity } });
    for (const more of [sigma(4, 0.5, 0.01), sigma(3, 0.7, 0.01), sigma(3, 0.5, 0.02)]) {
      expect(more).toBeGreaterThan(sigma(3, 0.5, 0.01));
    }
  });

  it("combines noise and penalty in quadrature", () => {
    const sigma = (noise: number, error: number, nonGaussianity: number): number =>
      automaticSigma({ noise, uncertainty: { error, nonGaussianity } });
    // 4·(1 − 0.4) + 50·(0.017 − 0.005) = 3
    expect(sigma(0, 1, 0.017)).toBeCloseTo(3, 12);
    expect(sigma(4, 1, 0.017)).toBeCloseTo(5, 12);
    // The penalty ends at 4.
    expect(sigma(3, 8, 0.1)).toBe(5);
  });

  it("takes an explicit undefined for an unknown part", () => {
    const unknown = { noise: undefined, uncertainty: { error: undefined, nonGaussianity: undefined } };
    expect(completeInputs(unknown)).toEqual(completeInputs({}));
    expect(automaticSigma(unknown)).toBe(automaticSigma({}));
    expect(automaticSigma({ uncertainty: undefined })).toBe(automaticSigma({}));
  });

  it("does not blur away an image for a kernel that is far off, or whose error is unknown", () => {
    const far = automaticSigma({ noise: 0, uncertainty: { error: 8, nonGaussianity: 0.1 } });
    expect(far).toBeLessThanOrEqual(5);
    expect(automaticSigma({})).toBe(far);
    expect(automaticSigma({ uncertainty: { nonGaussianity: 0 } })).toBe(far);
  });
});
