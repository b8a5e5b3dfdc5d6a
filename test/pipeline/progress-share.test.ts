import { describe, expect, it } from "vitest";
import { progressShare } from "../../src/pipeline/progress-share.js";
import { UPSCALER_NAMES } from "../../src/upscale/upscaler-names.js";

describe.each(UPSCALER_NAMES)("progressShare with the upscaler %s", (upscaler) => {
  it.each([0, 200])("goes from 0 to 1 without a jump, with %i steps", (steps) => {
    const kernel = [0, 0.5, 1].map((part) =>
      progressShare({ phase: "kernel", done: part * steps, total: steps }, steps, upscaler),
    );
    const picture = [0, 0.5, 1].map((part) =>
      progressShare({ phase: "picture", done: 6 * part, total: 6 }, steps, upscaler),
    );
    const shares = [...kernel, ...picture];
    expect(shares).toEqual(shares.toSorted((a, b) => a - b));
    expect(shares[0]).toBe(0);
    expect(shares.at(-1)).toBeCloseTo(1, 12);
    if (steps > 0) expect(kernel[2]).toBe(picture[0]);
  });
});
