import { describe, expect, it } from "vitest";
import { RandomStream } from "../../../../src/engine/random.js";
import { type RgbImage, rgbImage } from "../../../../src/image/rgb-image.js";
import { toLinear, toSrgb } from "../../../../src/image/srgb.js";
import { type BayerPhase, bayerColor, mosaic } from "../../../../src/kernel/degradation/camera/bayer.js";
import { demosaic } from "../../../../src/kernel/degradation/camera/demosaic.js";
import { denoised, sharpened } from "../../../../src/kernel/degradation/camera/finish.js";
import { addSensorNoise } from "../../../../src/kernel/degradation/camera/sensor-noise.js";
import { maxDifference } from "../../../support/difference.js";

const PHASES: readonly BayerPhase[] = [
  [0, 0],
  [0, 1],
  [1, 0],
  [1, 1],
];

/** An image of values that are functions of the place. */
function image(
  width: number,
  height: number,
  value: (x: number, y: number, color: number) => number,
): RgbImage {
  const pixels = width * height;
  const data = Float32Array.from({ length: 3 * pixels }, (_, i) =>
    value(i % width, Math.floor((i % pixels) / width), Math.floor(i / pixels)),
  );
  return rgbImage(width, height, data);
}

const remade = (scene: RgbImage, phase: BayerPhase, method: "malvar" | "bilinear"): RgbImage =>
  demosaic(mosaic(scene, phase), scene.width, scene.height, phase, method);

/** Largest difference of two images without a frame around them. */
function innerDifference(a: RgbImage, b: RgbImage, border: number): number {
  const { width, height } = a;
  const isInner = (i: number): boolean => {
    const [x, y] = [i % width, Math.floor(i / width) % height];
    return Math.min(x, y, width - 1 - x, height - 1 - y) >= border;
  };
  return maxDifference(
    a.data.filter((_, i) => isInner(i)),
    b.data.filter((_, i) => isInner(i)),
  );
}

describe("sRGB", () => {
  it.each([
    [0, 0],
    [0.04045, 0.0031308],
    // Middle gray, and the standard's own example of the curve.
    [0.5, 0.21404114],
    [1, 1],
  ])("%d is %d of the light, and back", (value, light) => {
    expect(toLinear(value)).toBeCloseTo(light, 6);
    expect(toSrgb(light)).toBeCloseTo(value, 5);
    expect(toSrgb(toLinear(value))).toBeCloseTo(value, 7);
    expect(toLinear(-value)).toBeCloseTo(-light, 6);
  });
});

describe("mosaic", () => {
  it("sees red and blue in one of four pixels each, green in two, at each phase elsewhere", () => {
    const colors = PHASES.map((phase) => [0, 1, 2, 3].map((i) => bayerColor(i >> 1, i & 1, phase)).join(""));
    expect(colors).toEqual(["0112", "1021", "1201", "2110"]);
  });
});

describe("demosaic", () => {
  // Each channel is a plane of its own slope: an average of neighbors that lie around a pixel gives it exactly.
  const ramp = image(17, 14, (x, y, color) => 0.1 + 0.01 * (color + 1) * x + 0.02 * y);
  const grayRamp = image(17, 14, (x, y) => 0.1 + 0.03 * x + 0.02 * y);

  it.each(PHASES)("keeps what was seen, and a ramp of one color, at phase %i %i", (...phase) => {
    for (const method of ["malvar", "bilinear"] as const) {
      const found = remade(grayRamp, phase, method);
      expect(innerDifference(found, grayRamp, 2)).toBeLessThan(1e-6);
      const seen = remade(ramp, phase, method);
      mosaic(ramp, phase).forEach((value, i) => {
        const color = bayerColor(Math.floor(i / 17), i % 17, phase);
        expect(seen.data[color * 17 * 14 + i]).toBe(value);
      });
    }
  });

  it.each(PHASES)("makes a ramp of any colors without error at phase %i %i", (...phase) => {
    for (const method of ["malvar", "bilinear"] as const) {
      expect(innerDifference(remade(ramp, phase, method), ramp, 2)).toBeLessThan(1e-6);
    }
  });

  it("follows detail by the color that was seen, where bilinear blurs it", () => {
    const detail = image(24, 24, (x, y) => 0.5 + 0.2 * Math.sin(0.9 * x) * Math.cos(0.7 * y));
    const error = (method: "malvar" | "bilinear") =>
      innerDifference(remade(detail, [0, 1], method), detail, 2);
    expect(error("malvar")).toBeLessThan(0.6 * error("bilinear"));
  });
});

describe("addSensorNoise", () => {
  it.each([
    [0, 0.01, 0.004],
    [0.25, 0.002, 0.001],
    [0.8, 0.0004, 0.006],
  ])("has variance shot · x + read² at %d", (level, shot, read) => {
    const values = new Float32Array(40_000).fill(level);
    addSensorNoise(values, { shot, read }, new RandomStream(3, 1));
    const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
    const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length;
    const expected = shot * level + read ** 2;
    // Five standard errors of each.
    expect(Math.abs(mean - level)).toBeLessThan(5 * Math.sqrt(expected / values.length));
    expect(Math.abs(variance / expected - 1)).toBeLessThan(5 * Math.sqrt(2 / values.length));
  });
});

describe("finish", () => {
  const edge = image(20, 12, (x) => (x < 10 ? 0.3 : 0.7));

  it("sharpening makes an edge steeper, overshoots, and leaves flat parts", () => {
    const { data } = sharpened(edge, 0.5);
    expect(data[9]).toBeLessThan(0.25);
    expect(data[10]).toBeGreaterThan(0.75);
    expect(data[0]).toBeCloseTo(0.3, 6);
    expect(data[19]).toBeCloseTo(0.7, 6);
  });

  it("denoising takes away small detail and color, and keeps edges of the brightness", () => {
    const random = new RandomStream(5, 2);
    const noise = (base: number, size: number): RgbImage =>
      image(40, 40, () => base + size * random.normal());
    const deviation = (values: Float32Array): number => {
      const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
      return Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length);
    };
    const noisy = noise(0.5, 0.01);
    const result = denoised(noisy, { threshold: 0.02, color: 1.5 });
    expect(deviation(result.data)).toBeLessThan(0.5 * deviation(noisy.data));
    const kept = denoised(edge, { threshold: 0.01, color: 1 }).data;
    expect(kept[10] - kept[9]).toBeGreaterThan(0.95 * 0.4);
  });
});
