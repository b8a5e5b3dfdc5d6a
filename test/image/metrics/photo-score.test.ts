import { describe, expect, it } from "vitest";
import { ImageError } from "../../../src/image/errors.js";
import { psnrY } from "../../../src/image/metrics/image-metrics.js";
import { photoScore } from "../../../src/image/metrics/photo-score.js";
import { type RgbImage, rgbImage } from "../../../src/image/rgb-image.js";
import { gaussianKernel } from "../../../src/kernel/families/gaussian-kernel.js";
import { lensKernel } from "../../../src/kernel/families/lens-kernel.js";
import { kernelCov, kernelPsnr } from "../../../src/kernel/metrics/kernel-metrics.js";
import { onOneGrid } from "../../../src/kernel/metrics/one-grid.js";
import { naturalKernel, toNaturalGrid } from "../../../src/kernel/natural-kernel.js";
import { syntheticImage } from "../../support/synthetic-image.js";

/** An image moved down and right, its border pixels repeated. */
function moved({ width, height, data }: RgbImage, down: number, right: number): RgbImage {
  const inside = (place: number, length: number): number => Math.min(Math.max(place, 0), length - 1);
  const out = data.map((_, i) => {
    const [x, y] = [i % width, Math.floor(i / width) % height];
    const plane = Math.floor(i / (width * height)) * height;
    return data[(plane + inside(y - down, height)) * width + inside(x - right, width)];
  });
  return rgbImage(width, height, out);
}

describe("photoScore", () => {
  const scene = syntheticImage(1, 48, 44);
  const noisy = rgbImage(
    48,
    44,
    scene.data.map((value, i) => value + 0.02 * Math.sin(i * i)),
  );

  it("finds a picture wherever it lies within 3 pixels, and not beyond", () => {
    const still = photoScore(noisy, scene);
    for (const [down, right] of [
      [0, 3],
      [-3, 2],
      [1, -1],
    ] as const) {
      const { psnr, ssim } = photoScore(moved(noisy, down, right), scene);
      expect(psnr).toBeCloseTo(still.psnr, 9);
      expect(ssim).toBeCloseTo(still.ssim, 9);
    }
    expect(photoScore(moved(noisy, 0, 4), scene).psnr).toBeLessThan(still.psnr - 3);
  });

  it("leaves out 8 pixels at each border", () => {
    const framed = rgbImage(
      48,
      44,
      noisy.data.map((value, i) => {
        const [x, y] = [i % 48, Math.floor(i / 48) % 44];
        return Math.min(x, y, 47 - x, 43 - y) < 8 ? 0 : value;
      }),
    );
    expect(photoScore(framed, scene).psnr).toBeCloseTo(psnrY(noisy, scene, 8), 9);
    const bitten = rgbImage(48, 44, noisy.data.slice());
    bitten.data[8 * 48 + 8] = 0;
    expect(photoScore(bitten, scene).psnr).toBeLessThan(psnrY(noisy, scene, 8));
  });

  it("refuses pictures of another size, and such that nothing is left of", () => {
    expect(() => photoScore(scene, syntheticImage(1, 48, 42))).toThrow(ImageError);
    const small = syntheticImage(1, 40, 16);
    expect(() => photoScore(small, small)).toThrow("8 pixels at each border");
  });
});

describe("onOneGrid", () => {
  const paper = gaussianKernel({ lambda1: 3, lambda2: 1, theta: 0.5 });

  it("moves an estimate to the natural grid and pads both", () => {
    const [estimate, truth] = onOneGrid(paper, toNaturalGrid(paper));
    expect(kernelPsnr(estimate, truth)).toBe(Number.POSITIVE_INFINITY);
    const wide = naturalKernel(lensKernel({ shape: { kind: "disk", radius: 6 }, lens: 0.5 }), 2);
    const [small, large] = onOneGrid(paper, wide);
    expect(small.size).toBe(large.size);
    expect(large.size).toBe(wide.size);
    expect(kernelCov(small, large)).toBeGreaterThan(5);
  });

  it("leaves a true kernel beside itself as it is", () => {
    const truth = toNaturalGrid(paper);
    expect(onOneGrid(truth, truth)).toEqual([truth, truth]);
  });
});
