import { expect, it, vi } from "vitest";
import { blurKernel } from "../../../src/kernel/blur-kernel.js";
import { degrade } from "../../../src/kernel/degradation/degrade.js";
import { gaussianKernel } from "../../../src/kernel/families/gaussian-kernel.js";
import { paperKernel } from "../../../src/kernel/families/wide-kernels.js";
import { x4Kernel } from "../../../src/kernel/families/x4-kernel.js";
import { kernelCovariance } from "../../../src/kernel/metrics/kernel-metrics.js";
import { toNaturalGrid } from "../../../src/kernel/natural-kernel.js";
import { type Conditions, told } from "../../../src/model/guided/conditions.js";
import { guessSigmas } from "../../../src/upscale/guided/guess-sigmas.js";
import { GuidedUpscaler } from "../../../src/upscale/guided/guided-upscaler.js";
import { useEngine } from "../../support/engine.js";
import { randomGuidedWeights } from "../../support/guided-weights.js";
import { syntheticImage } from "../../support/synthetic-image.js";

// Watched, and run as it is: the conditions leave other traces in a picture only by trained weights.
vi.mock("../../../src/model/guided/conditions.js", { spy: true });

const gpu = useEngine();
const NARROW = gaussianKernel({ lambda1: 5, lambda2: 3, theta: 0.5 });
const WIDE = paperKernel({ shape: { kind: "motion", length: 16, angle: 0.4, bend: 0.5 }, lens: 0.8 });
const BOX = blurKernel(new Float64Array(21 ** 2).fill(1 / 21 ** 2), 4);

it.each([
  ["wide, ×2", 2, WIDE, 14],
  ["wide, ×4", 4, BOX, 56],
  ["of the usual width, ×2", 2, NARROW, undefined],
  ["of the usual width, ×4", 4, x4Kernel(NARROW), undefined],
] as const)(
  "the network for photos is told a kernel of at most 14 px² for ×2, 56 for ×4, and of as much less error: %s",
  async (_, scale, kernel, most) => {
    vi.mocked(told).mockClear();
    const weights = randomGuidedWeights({ scale, channels: 4, blocks: [1, 1] }, 1);
    const upscaler = await GuidedUpscaler.load(gpu.engine, weights);
    const uncertainty = { error: 2, nonGaussianity: 0.03 };
    const natural = toNaturalGrid(kernel);
    const image = degrade(syntheticImage(2, 24 * scale, 20 * scale), natural, scale);
    await upscaler.upscale(image, { kernel: natural, scale, known: { noise: 3, uncertainty } });
    upscaler.dispose();
    expect(told).toHaveBeenCalledTimes(1);
    const [, , conditions] = vi.mocked(told).mock.calls[0] as [unknown, unknown, Conditions];
    const own = kernelCovariance(natural);
    const spread = own.xx + own.yy;
    if (most !== undefined) expect(spread).toBeGreaterThan(1.1 * most);
    const share = most === undefined ? 1 : most / spread;
    const { covariance, error, noise, sigmas } = conditions;
    expect(covariance.xx + covariance.yy).toBeCloseTo(share * spread, 2);
    expect(covariance.xy / covariance.xx).toBeCloseTo(own.xy / own.xx, 4);
    expect(error).toBeCloseTo(2 * share, 4);
    expect(noise).toBe(3);
    expect(sigmas).toEqual(guessSigmas({ noise: 3, error, nonGaussianity: 0.03 }));
  },
);
