import { describe, expect, it } from "vitest";
import { ImageError } from "../../src/image/errors.js";
import { psnrY } from "../../src/image/metrics/image-metrics.js";
import { type RgbImage, rgbImage } from "../../src/image/rgb-image.js";
import { blurKernel, flipKernel } from "../../src/kernel/blur-kernel.js";
import { degrade } from "../../src/kernel/degradation/degrade.js";
import { gaussianKernel } from "../../src/kernel/families/gaussian-kernel.js";
import { initialUpscaler, SMALL_USRNET } from "../../src/train/upscaler/initial-upscaler.js";
import { UpscaleError } from "../../src/upscale/errors.js";
import { FourierUpscaler } from "../../src/upscale/fourier/fourier-upscaler.js";
import type { UpscaleFactor, UpscalePlan } from "../../src/upscale/upscaler.js";
import { UsrNet } from "../../src/upscale/usrnet/usrnet.js";
import { maxDifference } from "../support/difference.js";
import { useEngine, useOwnEngine } from "../support/engine.js";
import { syntheticImage } from "../support/synthetic-image.js";

const gpu = useEngine();
/** Told to have the small workgroups of SwiftShader. */
const narrow = useOwnEngine();

const kernel = gaussianKernel({ lambda1: 3, lambda2: 1, theta: 0.5 });
const delta = blurKernel([1], 1);

/** Every pixel repeated: what anybody can do without knowing the blur. */
function repeated(image: RgbImage, scale: number): RgbImage {
  const [width, height] = [image.width * scale, image.height * scale];
  const data = new Float32Array(3 * width * height);
  for (let i = 0; i < data.length; i++) {
    const row = Math.floor(i / width);
    const plane = Math.floor(row / height);
    const source = plane * image.height + Math.floor((row % height) / scale);
    data[i] = image.data[source * image.width + Math.floor((i % width) / scale)] as number;
  }
  return rgbImage(width, height, data);
}

describe("FourierUpscaler", () => {
  it("undoes a known blur far better than repeated pixels, whichever way the kernel is written", async () => {
    const sharp = syntheticImage(1, 64, 48);
    const image = degrade(sharp, kernel, 2);
    const upscaler = new FourierUpscaler(gpu.engine);
    const result = await upscaler.upscale(image, { kernel, scale: 2 });
    expect([result.width, result.height]).toEqual([64, 48]);
    expect(psnrY(result, sharp, 2)).toBeGreaterThan(psnrY(repeated(image, 2), sharp, 2) + 3);
    const flipped = await upscaler.upscale(image, { kernel: flipKernel(kernel), scale: 2 });
    expect(maxDifference(flipped.data, result.data)).toBe(0);
  });

  it("leaves an image that was not blurred as it is, at scale 1", async () => {
    const image = syntheticImage(2, 33, 20);
    const result = await new FourierUpscaler(gpu.engine).upscale(image, { kernel: delta, scale: 1 });
    expect(maxDifference(result.data, image.data)).toBeLessThan(2e-3);
  });

  it("trusts a noisy image less", async () => {
    const image = degrade(syntheticImage(3, 64, 64), kernel, 2);
    const upscaler = new FourierUpscaler(gpu.engine);
    const roughness = async (sigma: number): Promise<number> => {
      const { data } = await upscaler.upscale(image, { kernel, scale: 2, sigma });
      return data.reduce((sum, value, i) => sum + (i ? Math.abs(value - (data[i - 1] as number)) : 0), 0);
    };
    expect(await roughness(20)).toBeLessThan(0.9 * (await roughness(0)));
  });
});

describe("UsrNet in tiles", () => {
  it("shows no seam above 1e-3, and states tiles and memory before it starts", async () => {
    const { engine } = gpu;
    const image = degrade(syntheticImage(4, 272, 264), kernel, 2);
    const net = await UsrNet.load(engine, initialUpscaler(0));
    const before = engine.memory.bytes;
    const plans: UpscalePlan[] = [];
    const shares: number[] = [];
    const whole = await net.upscale(image, { kernel, scale: 2, onPlan: (plan) => plans.push(plan) });
    const tiled = await net.upscale(image, {
      kernel,
      scale: 2,
      tile: 256,
      onPlan: (plan) => {
        plans.push(plan);
        expect(shares).toEqual([]);
        expect(engine.memory.bytes - before).toBe(plan.bytes);
      },
      onProgress: ({ done, total }) => shares.push(done / total),
    });
    const border = 64;
    const inner = (pixel: number): boolean => {
      const row = Math.floor(pixel / 272) % 264;
      const column = pixel % 272;
      return Math.min(row, column, 263 - row, 271 - column) >= border;
    };
    // At the border the whole image fades into its other side, and a tile into its own.
    const mended = tiled.data.map((value, i) => (inner(i) ? value : (whole.data[i] as number)));
    expect(maxDifference(mended, whole.data)).toBeLessThan(1e-3);
    expect(plans.map(({ tiles }) => tiles)).toEqual([1, 4]);
    expect(plans[0]).toMatchObject({ width: 272, height: 264 });
    expect((plans[1] as UpscalePlan).bytes).toBeLessThan((plans[0] as UpscalePlan).bytes);
    expect(shares.at(-1)).toBe(1);
    expect(shares).toEqual(shares.toSorted((a, b) => a - b));
    expect(engine.memory.bytes).toBe(before);
    net.dispose();
  });

  it("makes tiles smaller where the device takes too few workgroups for a larger one with its padding", async () => {
    const { engine } = narrow;
    Object.defineProperty(engine, "tuning", { value: { ...engine.tuning, convolution: 4 } });
    const net = await UsrNet.load(engine, initialUpscaler(0, { ...SMALL_USRNET, iterations: 1 }));
    const recorded = new AbortController();
    const plans: UpscalePlan[] = [];
    const run = net.upscale(syntheticImage(8, 490, 490), {
      kernel,
      scale: 2,
      signal: recorded.signal,
      onPlan: (plan) => {
        plans.push(plan);
        recorded.abort(new Error("recorded"));
      },
    });
    await expect(run).rejects.toThrow("recorded");
    expect(plans.map(({ tiles }) => tiles)).toEqual([4]);
    net.dispose();
  });

  it("stops where it is asked to, and frees its memory", async () => {
    const { engine } = gpu;
    const net = await UsrNet.load(engine, initialUpscaler(0));
    const before = engine.memory.bytes;
    const controller = new AbortController();
    const reason = new Error("enough");
    const run = net.upscale(syntheticImage(5, 32, 32), {
      kernel,
      scale: 2,
      signal: controller.signal,
      onProgress: () => controller.abort(reason),
    });
    await expect(run).rejects.toBe(reason);
    expect(engine.memory.bytes).toBe(before);
    net.dispose();
  });

  it("takes images of any size, and scales that it was not trained for", async () => {
    const net = await UsrNet.load(gpu.engine, initialUpscaler(0, { ...SMALL_USRNET, iterations: 1 }));
    for (const [width, height, scale] of [
      [1, 1, 2],
      [5, 3, 3],
      [7, 9, 1],
    ] as const) {
      const image = syntheticImage(6, width, height);
      const result = await net.upscale(image, { kernel: delta, scale });
      expect([result.width, result.height]).toEqual([width * scale, height * scale]);
      expect(result.data.every(Number.isFinite)).toBe(true);
    }
    net.dispose();
  });

  it("refuses what it cannot do before any work", async () => {
    const upscaler = new FourierUpscaler(gpu.engine);
    const image = syntheticImage(7, 16, 16);
    const huge = { ...image, width: 10_000, height: 10_000 };
    const onPlan = (): never => {
      throw new Error("It has begun.");
    };
    const refuse = (more: object, given: RgbImage = image) =>
      expect(upscaler.upscale(given, { kernel, scale: 2, onPlan, ...more })).rejects;
    await refuse({ scale: 5 as UpscaleFactor }).toThrow(/scale must be 1, 2, 3 or 4; got 5/);
    await refuse({ sigma: 51 }).toThrow(/Sigma must be from 0 to 50, in 255ths; got 51/);
    await refuse({ tile: 64 }).toThrow(/sides of 256 to 1024 pixels; got 64/);
    await refuse({ tile: 100_000 }).toThrow(/sides of 256 to 1024 pixels; got 100000/);
    await refuse({ kernel: blurKernel([1, -1, -1, 1], 2) }).toThrow(/sums to 0.000/);
    await refuse({}, huge).toThrow(UpscaleError);
    await refuse({}, rgbImage(0, 0, new Float32Array(0))).toThrow(ImageError);
    await refuse({}, { ...image, data: image.data.fill(Number.NaN, 0, 1) }).toThrow(/not finite/);
  });
});
