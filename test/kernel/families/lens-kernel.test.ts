import { describe, expect, it } from "vitest";
import { rgbImage } from "../../../src/image/rgb-image.js";
import { blurAndSample } from "../../../src/kernel/blur-and-sample.js";
import type { BlurKernel } from "../../../src/kernel/blur-kernel.js";
import type { BlurShape } from "../../../src/kernel/families/blur-shape.js";
import { gaussianKernel } from "../../../src/kernel/families/gaussian-kernel.js";
import { lensKernel } from "../../../src/kernel/families/lens-kernel.js";
import { kernelOffset } from "../../../src/kernel/kernel-offset.js";
import { kernelCovariance } from "../../../src/kernel/metrics/kernel-metrics.js";
import { principalAxes } from "../../../src/kernel/metrics/principal-axes.js";
import { naturalKernel, toNaturalGrid } from "../../../src/kernel/natural-kernel.js";
import { maxDifference } from "../../support/difference.js";
import { syntheticImage } from "../../support/synthetic-image.js";

const SHAPES: readonly BlurShape[] = [
  { kind: "gauss", sigmas: [0.6, 2.4], angle: 0.4 },
  { kind: "disk", radius: 2.7 },
  { kind: "polygon", radius: 3, corners: 5, angle: 0.3 },
  { kind: "motion", length: 6, angle: 2.2, bend: 0 },
  { kind: "motion", length: 9, angle: 1, bend: 1.4 },
];

const asKernel = (shape: BlurShape, lens = 0.5): BlurKernel<"correlation"> => ({
  ...lensKernel({ shape, lens }),
  scale: 1,
  orientation: "correlation",
});

describe("lensKernel", () => {
  it.each(SHAPES)("sums to 1 and lies in the middle: $kind", (shape) => {
    const kernel = asKernel(shape);
    expect(kernel.size % 2).toBe(1);
    expect(kernel.values.reduce((sum, value) => sum + value, 0)).toBeCloseTo(1, 12);
    expect(Math.min(...kernel.values)).toBeGreaterThanOrEqual(0);
    for (const place of kernelOffset(kernel)) expect(Math.abs(place)).toBeLessThan(5e-3);
  });

  it("has the widths that the shapes have, the lens's and the pixel's beside them", () => {
    const lens = 0.5;
    const more = lens ** 2 + 1 / 12;
    const axes = (shape: BlurShape) => principalAxes(kernelCovariance(asKernel(shape, lens)));
    const gauss = axes({ kind: "gauss", sigmas: [1.8, 0.9], angle: 0.7 });
    expect(gauss.wide).toBeCloseTo(1.8 ** 2 + more, 1);
    expect(gauss.narrow).toBeCloseTo(0.9 ** 2 + more, 1);
    expect(Math.abs(Math.sin(gauss.theta - 0.7))).toBeLessThan(0.01);
    const disk = axes({ kind: "disk", radius: 3 });
    expect(disk.wide).toBeCloseTo(3 ** 2 / 4 + more, 1);
    const motion = axes({ kind: "motion", length: 7, angle: 2, bend: 0 });
    expect(motion.wide).toBeCloseTo(7 ** 2 / 12 + more, 1);
    expect(motion.narrow).toBeCloseTo(more, 1);
    expect(Math.abs(Math.sin(motion.theta - 2))).toBeLessThan(0.01);
    const hexagon = axes({ kind: "polygon", radius: 3, corners: 6, angle: 0.2 });
    expect(hexagon.wide).toBeCloseTo((5 / 24) * 3 ** 2 + more, 1);
    // What is bent reaches less far, and to the side.
    const bent = axes({ kind: "motion", length: 7, angle: 2, bend: 1.5 });
    expect(bent.wide).toBeLessThan(motion.wide);
    expect(bent.narrow).toBeGreaterThan(motion.narrow);
  });
});

describe("naturalKernel", () => {
  it.each([2, 3, 4])("is the blur, then the mean over a sensor's pixels, ×%i", (scale) => {
    const blur = lensKernel({ shape: SHAPES[4], lens: 0.6 });
    const kernel = naturalKernel(blur, scale);
    const image = syntheticImage(1, 12 * scale, 10 * scale);
    const found = blurAndSample(image, kernel, scale);
    const blurred = blurAndSample(image, { ...kernel, size: blur.size, values: blur.values }, 1);
    // Away from the borders, where the mirrored image differs from the mirrored blur of it.
    for (let y = 4; y < 6; y++) {
      for (let x = 4; x < 8; x++) {
        let sum = 0;
        for (let i = 0; i < scale ** 2; i++) {
          sum += blurred.data[(y * scale + Math.floor(i / scale)) * image.width + x * scale + (i % scale)];
        }
        expect(Math.abs(found.data[y * found.width + x] - sum / scale ** 2)).toBeLessThan(1e-5);
      }
    }
  });

  it.each([
    [2, 2],
    [2, 1.3],
    [4, 4],
    [4, 2.2],
  ])(
    "puts small pixels in the middle of their large ones, ×%i with a sensor's pixel of %d",
    (scale, pixel) => {
      for (const shape of SHAPES) {
        const kernel = naturalKernel(lensKernel({ shape, lens: 0.5 }), scale, pixel);
        expect(kernel.values.reduce((sum, value) => sum + value, 0)).toBeCloseTo(1, 9);
        for (const place of kernelOffset(kernel))
          expect(Math.abs(place - (scale - 1) / 2)).toBeLessThan(5e-3);
        // Variances of independent blurs add up: a box of side a has a² / 12, and pixels of the large image are points.
        const box = pixel === scale ? (scale ** 2 - 1) / 12 : (scale ** 2 + pixel ** 2 + 1) / 12;
        const lens = kernelCovariance(asKernel(shape));
        expect(Math.abs(kernelCovariance(kernel).xx - lens.xx - box)).toBeLessThan(0.05);
      }
    },
  );

  it.each([2, 4])("moves the paper's kernels by %i − 1 pixels", (scale) => {
    const paper = { ...gaussianKernel({ lambda1: 3, lambda2: 1, theta: 0.5 }), scale };
    const natural = toNaturalGrid(paper);
    const [before, after] = [kernelOffset(paper), kernelOffset(natural)];
    expect(after.map((place, i) => place - before[i])).toEqual([
      expect.closeTo(scale - 1, 9),
      expect.closeTo(scale - 1, 9),
    ]);
    expect(kernelCovariance(natural).xy).toBeCloseTo(kernelCovariance(paper).xy, 9);
  });
});

describe("blurAndSample", () => {
  it("is a cross-correlation of what is mirrored at the borders, at every second pixel", () => {
    const image = syntheticImage(2, 14, 10);
    const kernel = naturalKernel(lensKernel({ shape: SHAPES[4], lens: 0.7 }), 2);
    const half = (kernel.size - 1) / 2;
    const mirrored = (i: number, length: number): number => {
      let place = i;
      while (place < 0 || place >= length) place = place < 0 ? -place : 2 * (length - 1) - place;
      return place;
    };
    const expected = Float32Array.from({ length: 3 * 7 * 5 }, (_, i) => {
      const [x, y, plane] = [2 * (i % 7), 2 * (Math.floor(i / 7) % 5), Math.floor(i / 35)];
      return kernel.values.reduce((sum, value, tap) => {
        const row = mirrored(y + Math.floor(tap / kernel.size) - half, 10);
        const column = mirrored(x + (tap % kernel.size) - half, 14);
        return sum + value * image.data[(plane * 10 + row) * 14 + column];
      }, 0);
    });
    const found = blurAndSample(image, kernel, 2);
    expect([found.width, found.height]).toEqual([7, 5]);
    expect(maxDifference(found.data, expected)).toBeLessThan(1e-5);
  });

  it("refuses sides that are no multiples of the step", () => {
    const kernel = naturalKernel(lensKernel({ shape: SHAPES[1], lens: 0.5 }), 2);
    expect(() => blurAndSample(rgbImage(5, 4, new Float32Array(60)), kernel, 2)).toThrow("in steps of 2");
  });
});
