import { describe, expect, it } from "vitest";
import { multiStepLossWeights } from "../../../src/train/meta/multi-step-loss-weights.js";
import { loadTraceMeta } from "../../support/traces.js";

/** As the method states them, written out. */
function expected(step: number, n: number): number[] {
  const d = 1 / n / (10000 / 3);
  const early = Math.max(1 / n - step * d, 0.03 / n);
  const last = Math.min(1 / n + step * (n - 1) * d, 1 - ((n - 1) * 0.03) / n);
  return [...Array(n - 1).fill(early), last];
}

const recorded = loadTraceMeta<{ j: number; weights: number[] }>("meta_trace_ckpt_j0_f64");

describe("evaluation weights", () => {
  it.each([1, 2, 5])("are the formula's, and sum to 1 at every step, for %s evaluations", (n) => {
    for (const step of [0, 1, 100, 1666, 3232, 3233, 3234, 5000, 100_000]) {
      const weights = multiStepLossWeights(step, n);
      expect(weights).toHaveLength(n);
      expected(step, n).forEach((value, i) => {
        expect(weights[i], `step ${step}`).toBeCloseTo(value, 14);
      });
      expect(weights.reduce((sum, weight) => sum + weight)).toBeCloseTo(1, 12);
    }
  });

  it("begin equal, are known in between, and end at the floor", () => {
    const values = (step: number): number[] => multiStepLossWeights(step, 5).map((w) => Number(w.toFixed(9)));
    expect(values(0)).toEqual([0.2, 0.2, 0.2, 0.2, 0.2]);
    expect(values(1000)).toEqual([0.14, 0.14, 0.14, 0.14, 0.44]);
    expect(values(3000)).toEqual([0.02, 0.02, 0.02, 0.02, 0.92]);
    expect(values(3233)).toEqual([0.00602, 0.00602, 0.00602, 0.00602, 0.97592]);
    // The floor is reached after 0.97 · 10000/3 steps.
    expect(values(3234)).toEqual([0.006, 0.006, 0.006, 0.006, 0.976]);
    expect(values(1e9)).toEqual(values(3234));
  });

  it.skipIf(!recorded)("are those of the recorded run", () => {
    const { j, weights } = recorded as NonNullable<typeof recorded>;
    expect(multiStepLossWeights(j, weights.length)).toEqual(weights);
  });
});
