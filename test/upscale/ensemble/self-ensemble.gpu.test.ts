import { readFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type RgbImage, rgbImage } from "../../../src/image/rgb-image.js";
import { blurAndSample } from "../../../src/kernel/blur-and-sample.js";
import { blurKernel } from "../../../src/kernel/blur-kernel.js";
import { lensKernel } from "../../../src/kernel/families/lens-kernel.js";
import { naturalKernel } from "../../../src/kernel/natural-kernel.js";
import {
  ORIENTATIONS,
  turnedBack,
  turnedImage,
  turnedKernel,
} from "../../../src/upscale/ensemble/orientations.js";
import { SelfEnsemble } from "../../../src/upscale/ensemble/self-ensemble.js";
import { FourierUpscaler } from "../../../src/upscale/fourier/fourier-upscaler.js";
import { GuidedUpscaler } from "../../../src/upscale/guided/guided-upscaler.js";
import type { PictureProgress, UpscaleFactor, UpscalePlan } from "../../../src/upscale/upscaler.js";
import { useEngine } from "../../support/engine.js";
import { syntheticImage } from "../../support/synthetic-image.js";

const gpu = useEngine();

const worst = (a: RgbImage, b: RgbImage): number =>
  255 * a.data.reduce((most, value, i) => Math.max(most, Math.abs(value - b.data[i])), 0);

describe("orientations", () => {
  const image = syntheticImage(3, 48, 36);

  it("come back", () => {
    for (const orientation of ORIENTATIONS) {
      expect(turnedBack(turnedImage(image, orientation), orientation)).toEqual(image);
    }
  });

  // An independent path: what the degradation makes of the turned scene must be the turned small image.
  it.each([1, 2, 3, 4])("turn kernels with images, ×%i", (scale) => {
    const values = Array.from({ length: 25 }, (_, i) => ((i * 7) % 11) + (i % 5) ** 2);
    const kernel = blurKernel(
      values.map((value) => value / 200),
      scale,
    );
    const small = blurAndSample(image, kernel, scale);
    for (const orientation of ORIENTATIONS) {
      const turned = blurAndSample(
        turnedImage(image, orientation),
        turnedKernel(kernel, scale, orientation),
        scale,
      );
      const inner = ({ width, height, data }: RgbImage): number[] =>
        Array.from(data).filter((_, i) => {
          const [x, y] = [i % width, Math.floor(i / width) % height];
          return Math.min(x, y, width - 1 - x, height - 1 - y) >= 4;
        });
      const expected = inner(turnedImage(small, orientation));
      const difference = inner(turned).map((value, i) => Math.abs(value - expected[i]));
      expect(Math.max(...difference)).toBeLessThan(1e-6);
    }
  });

  it("place even kernels as odd ones", () => {
    const even = blurKernel(
      [1, 2, 3, 4].map((value) => value / 10),
      2,
    );
    const odd = blurKernel(
      [1, 2, 0, 3, 4, 0, 0, 0, 0].map((value) => value / 10),
      2,
    );
    for (const orientation of ORIENTATIONS) {
      const sums = [even, odd].map((kernel) => {
        const { size, values } = turnedKernel(kernel, 2, orientation);
        const middle = Math.floor(size / 2);
        return [...values].flatMap((value, i) =>
          value === 0 ? [] : [[Math.floor(i / size) - middle, (i % size) - middle, value]],
        );
      });
      expect(sums[0]).toEqual(sums[1]);
    }
  });
});

describe("a self-ensemble", () => {
  const scene = syntheticImage(5, 120, 96);
  const shape = { kind: "gauss", sigmas: [1.6, 0.8], angle: 0.5 } as const;
  const weights = readFileSync(new URL("../../../models/small-x2.safetensors", import.meta.url));
  let network: GuidedUpscaler;
  let ensemble: SelfEnsemble;
  beforeAll(async () => {
    network = await GuidedUpscaler.load(gpu.engine, weights);
    ensemble = new SelfEnsemble(await GuidedUpscaler.load(gpu.engine, weights));
  });
  afterAll(() => network.dispose());

  it.each([2, 3, 4] as const)(
    "is the closed form's picture, which no orientation changes: ×%i",
    async (scale) => {
      const kernel = naturalKernel(lensKernel({ shape, lens: 0.3 }), scale);
      const small = blurAndSample(syntheticImage(5, 40 * scale, 32 * scale), kernel, scale);
      const options = { kernel, scale: scale as UpscaleFactor, sigma: 2, boundary: "circular" } as const;
      const closed = await new FourierUpscaler(gpu.engine).upscale(small, options);
      const seen = await new SelfEnsemble(new FourierUpscaler(gpu.engine)).upscale(small, options);
      expect(worst(seen, closed)).toBeLessThan(0.02);
    },
  );

  it("is the mean of the network's pictures, which nothing else but progress shows", async () => {
    const kernel = naturalKernel(lensKernel({ shape, lens: 0.3 }), 2);
    const small = blurAndSample(scene, kernel, 2);
    const plans: UpscalePlan[] = [];
    const progress: PictureProgress[] = [];
    const options = { kernel, scale: 2, sigma: 2, range: [0, 1] } as const;
    const seen = await ensemble.upscale(small, {
      ...options,
      onPlan: (plan) => plans.push(plan),
      onProgress: (each) => progress.push(each),
    });
    expect(plans).toMatchObject([{ width: 120, height: 96, tiles: 1 }]);
    expect(progress.at(-1)).toMatchObject({ done: progress.at(-1)?.total });
    expect(progress.map(({ done }) => done)).toEqual(
      progress.map(({ done }) => done).toSorted((a, b) => a - b),
    );
    const mean = new Float32Array(seen.data.length);
    for (const orientation of ORIENTATIONS) {
      const picture = await network.upscale(turnedImage(small, orientation), {
        ...options,
        kernel: turnedKernel(kernel, 2, orientation),
      });
      turnedBack(picture, orientation).data.forEach((value, i) => {
        mean[i] += value / 4;
      });
    }
    expect(worst(seen, rgbImage(120, 96, mean))).toBeLessThan(0.01);
    const error = (picture: RgbImage): number =>
      picture.data.reduce((sum, value, i) => sum + (value - scene.data[i]) ** 2, 0);
    expect(error(seen)).toBeLessThan(error(await network.upscale(small, options)));
  });

  it("is of no use any more once it is disposed of, and its upscaler with it", async () => {
    ensemble.dispose();
    const kernel = naturalKernel(lensKernel({ shape, lens: 0.3 }), 2);
    await expect(ensemble.upscale(scene, { kernel, scale: 2 })).rejects.toThrow(/dispose/i);
  });
});
