import { expect, it } from "vitest";
import { blurKernel } from "../../../src/kernel/blur-kernel.js";
import { gaussianKernel } from "../../../src/kernel/families/gaussian-kernel.js";
import { paperKernel } from "../../../src/kernel/families/wide-kernels.js";
import { x4Kernel } from "../../../src/kernel/families/x4-kernel.js";
import { kernelCovariance } from "../../../src/kernel/metrics/kernel-metrics.js";
import { toldBlur } from "../../../src/upscale/guided/told-blur.js";

const NARROW = gaussianKernel({ lambda1: 5, lambda2: 3, theta: 0.5 });
const LONG = paperKernel({ shape: { kind: "motion", length: 16, angle: 0.4, bend: 0.5 }, lens: 0.8 });
const BOX = blurKernel(new Float64Array(21 ** 2).fill(1 / 21 ** 2), 4);

it.each([
  ["wide, ×2", 2, LONG, 14],
  ["wide, ×4", 4, BOX, 56],
])(
  "the network for photos is told a narrower kernel of the same form, and as much less error: %s",
  (_, scale, kernel, most) => {
    const own = kernelCovariance(kernel);
    const spread = own.xx + own.yy;
    expect(spread).toBeGreaterThan(1.1 * most);
    const { covariance, error } = toldBlur(kernel, scale, 2);
    expect(covariance.xx + covariance.yy).toBeCloseTo(most, 6);
    expect(covariance.xy / covariance.xx).toBeCloseTo(own.xy / own.xx, 6);
    expect(error).toBeCloseTo((2 * most) / spread, 6);
  },
);

it.each([
  ["×2", 2, NARROW],
  ["×4", 4, x4Kernel(NARROW)],
])("and one of the usual width as it is: %s", (_, scale, kernel) => {
  const { xx, xy, yy } = kernelCovariance(kernel);
  expect(toldBlur(kernel, scale, 2)).toEqual({ covariance: { xx, xy, yy }, error: 2 });
});
