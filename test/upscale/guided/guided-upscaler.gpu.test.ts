import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { cropImage } from "../../../src/image/crop-image.js";
import type { RgbImage } from "../../../src/image/rgb-image.js";
import { roundToBytes } from "../../../src/image/round-to-bytes.js";
import { flipKernel } from "../../../src/kernel/blur-kernel.js";
import { degrade } from "../../../src/kernel/degradation/degrade.js";
import { gaussianKernel } from "../../../src/kernel/families/gaussian-kernel.js";
import { x4Kernel } from "../../../src/kernel/families/x4-kernel.js";
import { CERTAIN } from "../../../src/kernel/kernel-uncertainty.js";
import { toNaturalGrid } from "../../../src/kernel/natural-kernel.js";
import { unknownPhoto } from "../../../src/model/guided/conditions.js";
import { readImage } from "../../../src/node/image-io/read-image.js";
import { UpscaleError } from "../../../src/upscale/errors.js";
import { GuidedUpscaler } from "../../../src/upscale/guided/guided-upscaler.js";
import type { WeightFile } from "../../../src/weights/weight-file.js";
import { PHOTO } from "../../support/cli.js";
import { maxDifference } from "../../support/difference.js";
import { useEngine } from "../../support/engine.js";
import { randomGuidedWeights } from "../../support/guided-weights.js";
import { ROOT } from "../../support/root.js";
import { syntheticImage } from "../../support/synthetic-image.js";

const gpu = useEngine();

const X2 = gaussianKernel({ lambda1: 3, lambda2: 1, theta: 0.5 });
const FILES = [2, 4].map((scale) => randomGuidedWeights({ scale, channels: 4, blocks: [1, 1] }, scale));
const load = () => GuidedUpscaler.load(gpu.engine, ...FILES);

/** An image moved up and left, what leaves it coming in on the other side. */
function rolled({ width, height, data }: RgbImage, by: number): Float32Array {
  return data.map((_, i) => {
    const [x, y] = [i % width, Math.floor(i / width) % height];
    const start = Math.floor(i / (width * height)) * height;
    return data[(start + ((y + by) % height)) * width + ((x + by) % width)] as number;
  });
}

describe("GuidedUpscaler", () => {
  it.each([2, 4] as const)("puts the picture where the kernel has it, ×%i", async (scale) => {
    const kernel = scale === 2 ? X2 : x4Kernel(X2);
    const image = degrade(syntheticImage(1, 24 * scale, 20 * scale), kernel, scale);
    const upscaler = await load();
    const options = { kernel, scale, boundary: "circular" as const };
    const result = await upscaler.upscale(image, options);
    expect([result.width, result.height]).toEqual([24 * scale, 20 * scale]);
    // The network itself works on the natural grid, s − 1 pixels further down and right.
    const natural = await upscaler.upscale(image, { ...options, kernel: toNaturalGrid(kernel) });
    expect(maxDifference(rolled(natural, scale - 1), result.data)).toBeLessThan(1e-5);
    const flipped = await upscaler.upscale(image, { ...options, kernel: flipKernel(kernel) });
    expect(maxDifference(flipped.data, result.data)).toBe(0);
  });

  it("takes sigma for the noise, unless more is known of the image", async () => {
    const image = degrade(syntheticImage(2, 48, 40), X2, 2);
    const upscaler = await load();
    const options = { kernel: X2, scale: 2 as const };
    const noisy = await upscaler.upscale(image, { ...options, sigma: 8 });
    const known = await upscaler.upscale(image, { ...options, known: { noise: 8, uncertainty: CERTAIN } });
    expect(maxDifference(known.data, noisy.data)).toBe(0);
    const clean = await upscaler.upscale(image, options);
    const unsure = await upscaler.upscale(image, {
      ...options,
      known: { noise: 0, uncertainty: { error: 2, nonGaussianity: 0.03 } },
    });
    expect(maxDifference(clean.data, noisy.data)).toBeGreaterThan(1e-3);
    expect(maxDifference(clean.data, unsure.data)).toBeGreaterThan(1e-3);
  });

  it("has weights of their own for photos that a camera took, where the file has them", async () => {
    const image = degrade(syntheticImage(3, 48, 40), X2, 2);
    const [[general], [special]] = [1, 2].map((seed) => [
      randomGuidedWeights({ scale: 2, channels: 4, blocks: [1, 1] }, seed),
    ]);
    const both = {
      metadata: general.metadata,
      tensors: new Map([
        ...general.tensors,
        ...[...special.tensors].map(([name, tensor]) => [`camera.${name}`, tensor] as const),
      ]),
    };
    const picture = async (file: WeightFile, camera?: number) => {
      const upscaler = await GuidedUpscaler.load(gpu.engine, file);
      const photo = camera === undefined ? undefined : { ...unknownPhoto(3), camera };
      const known = { noise: 3, uncertainty: CERTAIN, photo };
      return (await upscaler.upscale(image, { kernel: X2, scale: 2, known })).data;
    };
    expect(await picture(both, 0.6)).toEqual(await picture(special, 0.6));
    expect(await picture(both, 0.4)).toEqual(await picture(general, 0.4));
    // A photo of which nothing is known.
    expect(await picture(both)).toEqual(await picture(general));
    expect(maxDifference(await picture(special, 0.6), await picture(general, 0.6))).toBeGreaterThan(1e-3);
    both.tensors.delete("camera.tail.1.bias");
    await expect(GuidedUpscaler.load(gpu.engine, both)).rejects.toThrow(/lacks tensor "camera.tail.1.bias"/);
  });

  it.each([2, 4] as const)(
    "gives the same in tiles, at their seams and at the image's border, and frees all memory, ×%i",
    async (scale) => {
      const kernel = scale === 2 ? X2 : x4Kernel(X2);
      const { rgb } = await readImage(PHOTO);
      const sharp = cropImage(rgb, { left: 60, top: 100, width: 576, height: 280 });
      const image = roundToBytes(degrade(sharp, kernel, scale));
      const before = gpu.engine.memory.bytes;
      // Random networks contradict the image, and a data step that sets that right reaches far.
      const weights = await readFile(join(ROOT, `models/small-x${scale}.safetensors`));
      const upscaler = await GuidedUpscaler.load(gpu.engine, weights);
      const whole = await upscaler.upscale(image, { kernel, scale });
      const tiles = await upscaler.upscale(image, { kernel, scale, tile: 130 * scale });
      expect(maxDifference(tiles.data, whole.data)).toBeLessThan(1 / 255);
      upscaler.dispose();
      expect(gpu.engine.memory.bytes).toBe(before);
    },
  );

  it("says for which scales there are networks", async () => {
    const image = syntheticImage(4, 20, 20);
    const upscaler = await load();
    const promise = upscaler.upscale(image, { kernel: { ...X2, scale: 3 }, scale: 3 });
    await expect(promise).rejects.toThrow(UpscaleError);
    await expect(upscaler.upscale(image, { kernel: X2, scale: 3 })).rejects.toThrow("for ×2, ×4, not for ×3");
  });
});
