import { describe, expect, it } from "vitest";
import {
  evaluateImages,
  type ImageEvaluationItem,
  imagesToUpscale,
} from "../../src/benchmark/image-evaluation.js";
import { imageScore } from "../../src/image/metrics/image-metrics.js";
import { upscaleBicubic } from "../../src/image/resize/bicubic.js";
import { type RgbImage, rgbImage } from "../../src/image/rgb-image.js";
import type { BlurKernel } from "../../src/kernel/blur-kernel.js";
import { gaussianKernel } from "../../src/kernel/families/gaussian-kernel.js";
import type { UpscaleOptions, Upscaler } from "../../src/upscale/upscaler.js";
import { syntheticImage } from "../support/synthetic-image.js";

/** A kernel that is told from others by its width. */
const kernel = (lambda: number): BlurKernel => gaussianKernel({ lambda1: lambda, lambda2: lambda, theta: 0 });

/** How far from the true image the result is with a kernel: as the kernel's middle value is from the true one's. */
const errorOf = ({ values }: BlurKernel): number => Math.abs(values[60] - kernel(1).values[60]);

const TRUE_IMAGES = [syntheticImage(1, 40, 36), syntheticImage(2, 32, 40)];

/** Gives the true image with a known error, which depends on the kernel. */
function knownUpscaler() {
  const calls: UpscaleOptions[] = [];
  const upscaler: Upscaler = {
    async upscale({ width }: RgbImage, options: UpscaleOptions) {
      calls.push(options);
      options.onProgress?.({ phase: "picture", done: 1, total: 2 });
      const truth = TRUE_IMAGES.find((image) => image.width === width * options.scale) as RgbImage;
      const { height } = truth;
      return rgbImage(
        truth.width,
        height,
        truth.data.map((value) => value + errorOf(options.kernel)),
      );
    },
    dispose() {},
    [Symbol.dispose]() {},
  };
  return { upscaler, calls };
}

const item = (index: number, ...estimates: BlurKernel[][]): ImageEvaluationItem => {
  const hr = TRUE_IMAGES[index];
  const lr = syntheticImage(index + 5, hr.width / 2, hr.height / 2);
  const bySteps = Object.fromEntries(estimates.map((kernels, i) => [10 * (i + 1), kernels]));
  return { images: async () => ({ lr, hr }), trueKernel: kernel(1), estimates: bySteps };
};

describe("evaluateImages", () => {
  it("scores each kernel's image, and means over runs and over images", async () => {
    const { upscaler, calls } = knownUpscaler();
    const items = [0, 1].map((i) => item(i, [kernel(1.5), kernel(2)], [kernel(3 + i), kernel(4)]));
    expect(imagesToUpscale(items)).toBe(10);
    const progress: number[] = [];
    const { images, mean } = await evaluateImages(upscaler, items, {
      scale: 2,
      sigma: 3,
      onProgress: (done) => progress.push(done),
    });
    expect(calls).toHaveLength(10);
    for (const call of calls) expect(call).toMatchObject({ scale: 2, sigma: 3, boundary: "circular" });
    expect(progress).toEqual(Array.from({ length: 10 }, (_, i) => i + 0.5));

    for (const [index, { steps, bicubic, trueKernel }] of images.entries()) {
      const hr = TRUE_IMAGES[index];
      const score = (each: BlurKernel) =>
        imageScore({ ...hr, data: hr.data.map((value) => value + errorOf(each)) }, hr, 2);
      expect(trueKernel).toEqual({ psnr: Infinity, ssim: expect.closeTo(1, 12) });
      const [first, second] = [score(kernel(1.5)), score(kernel(2))];
      expect(steps[10].psnr).toBeCloseTo((first.psnr + second.psnr) / 2, 9);
      expect(steps[10].ssim).toBeCloseTo((first.ssim + second.ssim) / 2, 9);
      expect(steps[20].psnr).toBeCloseTo((score(kernel(3 + index)).psnr + score(kernel(4)).psnr) / 2, 9);
      const { lr } = await items[index].images();
      expect(bicubic).toEqual(imageScore(upscaleBicubic(lr, 2), hr, 2));
    }
    expect(mean.steps[20].psnr).toBeCloseTo((images[0].steps[20].psnr + images[1].steps[20].psnr) / 2, 9);
    expect(mean.bicubic.ssim).toBeCloseTo((images[0].bicubic.ssim + images[1].bicubic.ssim) / 2, 9);
  });

  it("takes one upscaling an image where nothing was estimated", async () => {
    const { upscaler, calls } = knownUpscaler();
    const { mean } = await evaluateImages(upscaler, [item(0), item(1)], { scale: 2 });
    expect(calls).toHaveLength(2);
    expect(mean.steps).toEqual({});
    expect(mean.trueKernel.psnr).toBe(Infinity);
  });

  it("hands on what stops an upscaling", async () => {
    const { signal } = new AbortController();
    const upscaler: Upscaler = {
      upscale: (_image, options) => Promise.reject(options.signal === signal ? new Error("stopped") : null),
      dispose() {},
      [Symbol.dispose]() {},
    };
    await expect(evaluateImages(upscaler, [item(0)], { scale: 2, signal })).rejects.toThrow("stopped");
  });
});
