import { readFileSync } from "node:fs";
import { afterAll, afterEach, describe, expect, it, vi } from "vitest";
import { EstimateError } from "../../src/estimate/errors.js";
import { MetaKernelGAN } from "../../src/estimate/metakernelgan/metakernelgan.js";
import { SpectralEstimator } from "../../src/estimate/spectral/spectral-estimator.js";
import { upscaleBicubic } from "../../src/image/resize/bicubic.js";
import { type RgbImage, rgbImage } from "../../src/image/rgb-image.js";
import { blurKernel } from "../../src/kernel/blur-kernel.js";
import { degrade } from "../../src/kernel/degradation/degrade.js";
import { gaussianKernel } from "../../src/kernel/families/gaussian-kernel.js";
import { x4Kernel } from "../../src/kernel/families/x4-kernel.js";
import { kernelOffset } from "../../src/kernel/kernel-offset.js";
import { CERTAIN } from "../../src/kernel/kernel-uncertainty.js";
import { toNaturalGrid } from "../../src/kernel/natural-kernel.js";
import { SpectrumAnalyzer } from "../../src/model/spectral/spectrum-analyzer.js";
import { type FoundKernel, type PhotoProgress, upscalePhoto } from "../../src/pipeline/upscale-photo.js";
import { FourierUpscaler } from "../../src/upscale/fourier/fourier-upscaler.js";
import { GuidedUpscaler } from "../../src/upscale/guided/guided-upscaler.js";
import { automaticSigma } from "../../src/upscale/sigma/automatic-sigma.js";
import { maxDifference } from "../support/difference.js";
import { useEngine } from "../support/engine.js";
import { randomGuidedWeights } from "../support/guided-weights.js";
import { syntheticImage } from "../support/synthetic-image.js";

const gpu = useEngine();
const KERNEL = gaussianKernel({ lambda1: 3, lambda2: 1, theta: 0.5 });
const IMAGE = degrade(syntheticImage(1, 128, 96), KERNEL, 2);
const weights = (name: string): Uint8Array =>
  readFileSync(new URL(`../../models/${name}.safetensors`, import.meta.url));
/** The benchmarks' grid, and values as they are. */
const PAPER = { align: "paper" } as const;
const loaded: SpectralEstimator[] = [];
const spectral = async (): Promise<SpectralEstimator> => {
  const estimator = await SpectralEstimator.load(gpu.engine, weights("spectral-x2"));
  loaded.push(estimator);
  return estimator;
};
const metaKernelGan = () => MetaKernelGAN.load(gpu.engine, weights("metakernelgan"));

const analyses = vi.spyOn(SpectrumAnalyzer.prototype, "analyze");
afterEach(() => {
  analyses.mockClear();
  for (const estimator of loaded.splice(0)) estimator.dispose();
});
afterAll(() => analyses.mockRestore());

describe("upscalePhoto", () => {
  it("reads the spectrum once for kernel, noise and sigma", async () => {
    const estimator = await spectral();
    const upscaler = new FourierUpscaler(gpu.engine);
    const result = await upscalePhoto({ estimator, noiseReader: estimator, upscaler }, IMAGE, PAPER);
    expect(analyses).toHaveBeenCalledTimes(1);

    const expected = await estimator.estimate(IMAGE);
    expect(result.estimate).toEqual(expected);
    expect(result).toMatchObject({ kernel: expected.kernel, noise: expected.noise });
    expect(result.uncertainty).toEqual(expected.uncertainty);
    expect(result.sigma).toBe(automaticSigma(expected));
    const { kernel, sigma } = result;
    expect(result.picture).toEqual(await upscaler.upscale(IMAGE, { kernel, scale: 2, sigma }));
    expect(result.plan).toMatchObject({ tiles: 1, width: 128, height: 96 });
  });

  it("reads it once beside an adaptation, and not at all for a sigma that is given", async () => {
    const noiseReader = await spectral();
    const estimator = await metaKernelGan();
    const tools = { estimator, noiseReader, upscaler: new FourierUpscaler(gpu.engine) };
    const chosen = await upscalePhoto(tools, IMAGE, { steps: 2, seed: 4, ...PAPER });
    expect(analyses).toHaveBeenCalledTimes(1);
    const spectrum = await noiseReader.estimate(IMAGE);
    const { nonGaussianity } = spectrum;
    expect(chosen.noise).toBe(spectrum.noise);
    expect(chosen.uncertainty.nonGaussianity).toBe(nonGaussianity);
    expect(chosen.sigma).toBe(automaticSigma({ noise: spectrum.noise, uncertainty: { nonGaussianity } }));
    expect(chosen.kernel).toEqual((await estimator.estimate(IMAGE, { steps: 2, seed: 4 })).kernel);
    analyses.mockClear();

    const given = await upscalePhoto(tools, IMAGE, { steps: 2, seed: 4, sigma: 3 });
    expect(analyses).not.toHaveBeenCalled();
    expect(given.sigma).toBe(3);
    expect(given.kernel).toEqual(chosen.kernel);
  });

  it("tells the kernel before the picture, and its progress in order", async () => {
    const estimator = await metaKernelGan();
    const events: (PhotoProgress | FoundKernel)[] = [];
    const upscaler = new FourierUpscaler(gpu.engine);
    const result = await upscalePhoto({ estimator, upscaler }, IMAGE, {
      steps: 7,
      onProgress: (progress) => events.push(progress),
      onKernel: (found) => events.push(found),
    });
    const { picture: _, offset: __, plan: ___, milliseconds, ...found } = result;
    expect(events.slice(0, 4)).toEqual([
      { phase: "kernel", done: 0, total: 7 },
      { phase: "kernel", done: 5, total: 7 },
      { phase: "kernel", done: 7, total: 7 },
      found,
    ]);
    const picture = events.slice(4) as PhotoProgress[];
    const { total } = picture[0] as PhotoProgress;
    expect(picture.length).toBeGreaterThan(1);
    expect(picture.at(-1)).toEqual({ phase: "picture", done: total, total });
    for (const [i, { phase, done }] of picture.entries()) {
      expect(phase).toBe("picture");
      expect(done).toBeGreaterThan(picture[i - 1]?.done ?? 0);
    }
    for (const time of Object.values(milliseconds)) expect(time).toBeGreaterThan(0);
  });

  it("trusts a given kernel, unless it is told how wrong that may be", async () => {
    const upscaler = new FourierUpscaler(gpu.engine);
    const trusted = await upscalePhoto({ upscaler }, IMAGE, { given: { kernel: KERNEL } });
    expect(trusted).toMatchObject({ kernel: KERNEL, sigma: 0, uncertainty: CERTAIN });
    expect(trusted.estimate).toBeUndefined();
    const given = { kernel: KERNEL, noise: 2, uncertainty: { error: 1 } };
    const doubted = await upscalePhoto({ upscaler }, IMAGE, { given, ...PAPER });
    expect(doubted.sigma).toBe(automaticSigma(given));
    expect(doubted.sigma).toBeGreaterThan(2);
    expect(analyses).not.toHaveBeenCalled();
  });

  it("trusts a given kernel whose uncertainty is undefined", async () => {
    const upscaler = new FourierUpscaler(gpu.engine);
    const given = { kernel: KERNEL, noise: undefined, uncertainty: undefined };
    const found = await upscalePhoto({ upscaler }, IMAGE, { given });
    expect(found).toMatchObject({ sigma: 0, uncertainty: CERTAIN });
  });

  it("tells the upscaler noise, uncertainty and the kind of photo, unless sigma is given", async () => {
    const estimator = await spectral();
    const weights = randomGuidedWeights({ scale: 2, channels: 4, blocks: [1, 1] }, 2);
    const upscaler = await GuidedUpscaler.load(gpu.engine, weights);
    const tools = { estimator, noiseReader: estimator, upscaler };
    const automatic = await upscalePhoto(tools, IMAGE, PAPER);
    const { noise, uncertainty, photo, sigma } = automatic;
    const options = { kernel: automatic.kernel, scale: 2, sigma } as const;
    const told = await upscaler.upscale(IMAGE, { ...options, known: { noise, uncertainty, photo } });
    const untold = await upscaler.upscale(IMAGE, options);
    expect(maxDifference(automatic.picture.data, told.data)).toBe(0);
    expect(maxDifference(told.data, untold.data)).toBeGreaterThan(1e-3);
    const given = await upscalePhoto(tools, IMAGE, { sigma, ...PAPER });
    expect(maxDifference(given.picture.data, untold.data)).toBe(0);
  });

  it("takes an image that is too small for its spectrum for a clean one", async () => {
    const noiseReader = await spectral();
    const estimator = await metaKernelGan();
    const tools = { estimator, noiseReader, upscaler: new FourierUpscaler(gpu.engine) };
    const small = await upscalePhoto(tools, syntheticImage(2, 24, 24), { steps: 0, ...PAPER });
    expect(small.noise).toBeUndefined();
    expect(small.sigma).toBe(automaticSigma({}));
  });

  it("stops between kernel and picture, and refuses what has no kernel", async () => {
    const upscaler = new FourierUpscaler(gpu.engine);
    const controller = new AbortController();
    const stopped = upscalePhoto({ upscaler }, IMAGE, {
      given: { kernel: KERNEL },
      signal: controller.signal,
      onKernel: () => controller.abort(new Error("enough")),
    });
    await expect(stopped).rejects.toThrow("enough");
    await expect(upscalePhoto({ upscaler }, IMAGE)).rejects.toThrow(EstimateError);
  });
});

it("refuses a picture that is too large before the kernel is estimated", async () => {
  const image = rgbImage(2501, 2500, new Float32Array(3 * 2501 * 2500).fill(0.5));
  image.data[0] = 1;
  const tools = { estimator: await spectral(), upscaler: await FourierUpscaler.load(gpu.engine) };
  analyses.mockClear();
  const run = upscalePhoto(tools, image, { scale: 4 });
  await expect(run).rejects.toThrow("The picture would have 101 megapixels; at most 100 are possible");
  expect(analyses).not.toHaveBeenCalled();
});

describe("the picture's place", () => {
  const SPOT = rgbImage(
    40,
    36,
    Float32Array.from({ length: 3 * 40 * 36 }, (_, i) => {
      const [x, y] = [i % 40, Math.floor(i / 40) % 36];
      return 0.2 + 0.6 * Math.exp(-((x - 21.3) ** 2 + (y - 15.8) ** 2) / 8);
    }),
  );
  const middle = ({ width, height, data }: RgbImage): readonly [x: number, y: number] => {
    let [sum, x, y] = [0, 0, 0];
    for (let i = 0; i < width * height; i++) {
      const light = Math.max(0, data[i] - 0.3);
      sum += light;
      x += light * (i % width);
      y += light * Math.floor(i / width);
    }
    return [x / sum, y / sum];
  };
  const around = blurKernel(
    Array.from({ length: 81 }, (_, i) => Math.exp(-((Math.floor(i / 9) - 4) ** 2 + ((i % 9) - 4) ** 2) / 4)),
    2,
  );
  const sum = around.values.reduce((total, value) => total + value, 0);

  it.each([
    ["the paper's ×2", KERNEL, 2],
    ["the paper's ×4", x4Kernel(KERNEL), 4],
    ["a natural", toNaturalGrid(KERNEL), 2],
    [
      "a centered",
      blurKernel(
        around.values.map((value) => value / sum),
        2,
      ),
      2,
    ],
  ] as const)("is exactly over a plain enlargement with %s kernel", async (_name, kernel, scale) => {
    const upscaler = new FourierUpscaler(gpu.engine);
    const plain = middle(upscaleBicubic(SPOT, scale));
    const { picture, offset } = await upscalePhoto({ upscaler }, SPOT, {
      given: { kernel },
      scale,
      sigma: 2,
    });
    middle(picture).forEach((place, i) => {
      expect(Math.abs(place - plain[i])).toBeLessThan(0.06);
    });
    for (const place of offset) expect(Math.abs(place - (scale - 1) / 2)).toBeLessThan(0.06);
  });

  it("is where the kernel puts it on the paper's grid", async () => {
    const upscaler = new FourierUpscaler(gpu.engine);
    const options = { given: { kernel: KERNEL }, sigma: 2, align: "paper" } as const;
    const { picture, offset } = await upscalePhoto({ upscaler }, SPOT, options);
    const plain = middle(upscaleBicubic(SPOT, 2));
    middle(picture).forEach((place, i) => {
      expect(Math.abs(place - plain[i] + 1)).toBeLessThan(0.06);
    });
    expect(offset).toEqual(kernelOffset(KERNEL));
  });
});
