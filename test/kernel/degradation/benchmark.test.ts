import { createHash } from "node:crypto";
import { describe, expect, it } from "vitest";
import { ImageError } from "../../../src/image/errors.js";
import { rgbImage } from "../../../src/image/rgb-image.js";
import { type BenchmarkOptions, benchmarkItem } from "../../../src/kernel/degradation/benchmark.js";
import { degrade } from "../../../src/kernel/degradation/degrade.js";
import { centerOfMass, kernelOffset } from "../../../src/kernel/kernel-offset.js";
import { kernelCovariance } from "../../../src/kernel/metrics/kernel-metrics.js";
import { principalAxes } from "../../../src/kernel/metrics/principal-axes.js";
import { maxDifference } from "../../support/difference.js";
import { syntheticImage } from "../../support/synthetic-image.js";

const HR = syntheticImage(3, 64, 70);
const CLEAN: BenchmarkOptions = { scale: 2, setting: "clean", seed: 0 };

const items = (options: Partial<BenchmarkOptions>, count: number) =>
  Array.from({ length: count }, (_, index) => benchmarkItem(HR, index, { ...CLEAN, ...options }));

describe("benchmarkItem", () => {
  it.each([
    [2, "clean", "7aeac530ca332808"],
    [2, "kernel-noise", "911735de93e92558"],
    [2, "image-noise", "eed74466fd984daa"],
    [2, "motion", "bba10c06bdf1fcee"],
    [2, "disk", "4333d018b2a80947"],
    [4, "clean", "cd7cf7fd4aa8ef60"],
    [4, "kernel-noise", "6abb06834518ae04"],
    [4, "image-noise", "62336938cc7f4ae9"],
    [4, "motion", "8a861c2bff677160"],
    [4, "disk", "f57db97ae1a82460"],
  ] as const)("makes the images and kernels of the published figures: ×%i %s", (scale, setting, digest) => {
    const image = syntheticImage(3, 160, 140);
    const hash = createHash("sha256");
    for (const index of [0, 1, 5]) {
      for (const seed of [0, 9]) {
        const item = benchmarkItem(image, index, { scale, setting, seed });
        hash.update(new Uint8Array(item.image.data.buffer));
        hash.update(new Uint8Array(item.kernel.values.buffer));
      }
    }
    expect(hash.digest("hex").slice(0, 16)).toBe(digest);
  });

  it("draws kernels whose variances fill the paper's range, and centers them", () => {
    const variances = items({}, 150).flatMap(({ kernel }) => {
      const { xx, xy, yy } = kernelCovariance(kernel);
      for (const place of centerOfMass(kernel)) expect(Math.abs(place - 4.5)).toBeLessThan(0.1);
      const half = Math.hypot((xx - yy) / 2, xy);
      return [(xx + yy) / 2 - half, (xx + yy) / 2 + half];
    });
    // A grid of 11×11 cuts off the tails of the widest, and the shift widens the narrowest a little.
    expect(Math.min(...variances)).toBeGreaterThan(0.3);
    expect(Math.min(...variances)).toBeLessThan(0.6);
    expect(Math.max(...variances)).toBeGreaterThan(4);
    expect(Math.max(...variances)).toBeLessThan(5);
    const average = variances.reduce((sum, value) => sum + value, 0) / variances.length;
    expect(Math.abs(average - (0.35 + 5) / 2)).toBeLessThan(0.3);
  });

  it("depends on seed and index alone, and on neither too little", () => {
    const [first, second] = items({}, 2);
    expect(items({}, 2)[1]).toEqual(second);
    expect(maxDifference(first.kernel.values, second.kernel.values)).toBeGreaterThan(1e-3);
    const [other] = items({ seed: 1 }, 1);
    expect(maxDifference(first.kernel.values, other.kernel.values)).toBeGreaterThan(1e-3);
  });

  it("makes kernels non-Gaussian by up to 0.4 of each value", () => {
    const clean = items({}, 20);
    items({ setting: "kernel-noise" }, 20).forEach(({ kernel }, index) => {
      const { values } = clean[index].kernel;
      const peak = Math.max(...values);
      const change = maxDifference(kernel.values, values) / peak;
      expect(change).toBeGreaterThan(0.02);
      // Shifting and dividing by the sum add to the 0.4.
      expect(change).toBeLessThan(0.6);
      expect(kernel.values.reduce((sum, value) => sum + value, 0)).toBeCloseTo(1, 12);
      for (const place of centerOfMass(kernel)) expect(Math.abs(place - 4.5)).toBeLessThan(0.2);
    });
  });

  it("adds noise to images of which each has its own strength, up to 10 levels", () => {
    const clean = items({}, 40);
    const sigmas = items({ setting: "image-noise" }, 40).map(({ image, kernel }, index) => {
      expect(kernel).toEqual(clean[index].kernel);
      const squares = image.data.map((value, i) => (value - clean[index].image.data[i]) ** 2);
      return Math.sqrt(squares.reduce((sum, value) => sum + value, 0) / squares.length);
    });
    // Measured on 3360 values each, so off by about a hundredth.
    expect(Math.max(...sigmas)).toBeLessThan((1.05 * 10) / 255);
    expect(Math.max(...sigmas)).toBeGreaterThan((0.8 * 10) / 255);
    expect(Math.min(...sigmas)).toBeLessThan((0.2 * 10) / 255);
  });

  it("has 21×21 kernels and a quarter of the side for ×4", () => {
    const [{ image, kernel }] = items({ scale: 4 }, 1);
    expect([image.width, image.height]).toEqual([16, 17]);
    expect([kernel.size, kernel.scale]).toEqual([21, 4]);
    for (const place of centerOfMass(kernel)) expect(Math.abs(place - 8.5)).toBeLessThan(0.1);
  });

  it("refuses an image from whose result no blur could be estimated", () => {
    const make = (width: number, scale: 2 | 4) =>
      benchmarkItem(syntheticImage(1, width, 80), 0, { ...CLEAN, scale });
    expect(() => make(31, 2)).toThrow(ImageError);
    expect(() => make(63, 4)).toThrow("63×80; for ×4 both sides need at least 64 pixels");
    expect(() => make(32, 2)).not.toThrow();
    const flat = rgbImage(40, 40, new Float32Array(3 * 40 * 40).fill(0.5));
    expect(() => benchmarkItem(flat, 0, CLEAN)).toThrow("one color");
  });

  it("draws bars for motion, which lean and are wide one way only, and round disks", () => {
    for (const [setting, isRound] of [
      ["motion", false],
      ["disk", true],
    ] as const) {
      const ratios = items({ setting }, 12).map(({ kernel }) => {
        expect(kernel.values.reduce((sum, value) => sum + value, 0)).toBeCloseTo(1, 12);
        const { wide, narrow } = principalAxes(kernelCovariance(kernel));
        return wide / narrow;
      });
      expect(Math.max(...ratios) < 1.1).toBe(isRound);
    }
  });

  it.each([
    ["defocus", 2],
    ["shake", 2],
    ["defocus", 4],
  ] as const)("blurs widely: %s ×%i", (setting, scale) => {
    for (const { image, kernel } of items({ setting, scale }, 5)) {
      expect([image.width, image.height]).toEqual([Math.floor(64 / scale), Math.floor(70 / scale)]);
      const { xx, yy } = kernelCovariance(kernel);
      expect(xx + yy).toBeGreaterThan(setting === "shake" ? 4 : 6);
      for (const place of kernelOffset(kernel)) expect(place).toBeCloseTo(-(scale - 1) / 2, 1);
    }
  });

  it.each([2, 4] as const)(
    "makes DIV2KRK's images ×%i: on the natural grid, mirrored beyond the borders",
    (scale) => {
      for (const { image, kernel } of items({ setting: "divkrk", scale }, 3)) {
        for (const place of kernelOffset(kernel))
          expect(Math.abs(place - (scale - 1) / 2)).toBeLessThan(0.15);
        const wrapped = degrade(HR, kernel, scale);
        const margin = Math.ceil(kernel.size / 2 / scale);
        let [inner, outer] = [0, 0];
        image.data.forEach((value, i) => {
          const [x, y] = [i % image.width, Math.floor(i / image.width) % image.height];
          const fromBorder = Math.min(x, y, image.width - 1 - x, image.height - 1 - y);
          const difference = Math.abs(value - wrapped.data[i]);
          if (fromBorder >= margin) inner = Math.max(inner, difference);
          else outer = Math.max(outer, difference);
        });
        expect(inner).toBeLessThan(1e-5);
        expect(outer).toBeGreaterThan(1e-2);
      }
    },
  );

  it("leaves JPEG to the caller, with the kernels of clean images", () => {
    const [clean] = items({}, 1);
    const [jpeg] = items({ setting: "jpeg-70" }, 1);
    expect(clean.qualities).toEqual([]);
    expect(jpeg).toEqual({ ...clean, qualities: [70] });
  });
});
