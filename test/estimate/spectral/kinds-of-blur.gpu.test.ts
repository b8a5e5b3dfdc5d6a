import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import type { ParameterShape } from "../../../src/engine/optimizers/parameters.js";
import { RandomStream } from "../../../src/engine/random.js";
import { sizeOf } from "../../../src/engine/tensors/tensor.js";
import {
  type SpectralEstimate,
  SpectralEstimator,
} from "../../../src/estimate/spectral/spectral-estimator.js";
import { cropImage } from "../../../src/image/crop-image.js";
import { toGray } from "../../../src/image/gray.js";
import { type RgbImage, rgbImage } from "../../../src/image/rgb-image.js";
import { roundToBytes } from "../../../src/image/round-to-bytes.js";
import type { BlurKernel } from "../../../src/kernel/blur-kernel.js";
import { degrade } from "../../../src/kernel/degradation/degrade.js";
import { covarianceKernel } from "../../../src/kernel/families/covariance-kernel.js";
import { gaussianKernel } from "../../../src/kernel/families/gaussian-kernel.js";
import { diskKernel, motionKernel } from "../../../src/kernel/families/motion-and-disk-kernels.js";
import { paperKernel } from "../../../src/kernel/families/wide-kernels.js";
import { x4Kernel } from "../../../src/kernel/families/x4-kernel.js";
import { kernelCovariance, kernelPsnr } from "../../../src/kernel/metrics/kernel-metrics.js";
import { NETWORK_SHAPES } from "../../../src/model/spectral/network-shapes.js";
import { WHOLE_WIDTHS, WIDE_SHAPES, wholeShapes } from "../../../src/model/spectral/whole-reading.js";
import { readImage } from "../../../src/node/image-io/read-image.js";
import { parseSafetensors } from "../../../src/weights/safetensors.js";
import type { WeightFile } from "../../../src/weights/weight-file.js";
import { PHOTO } from "../../support/cli.js";
import { useEngine } from "../../support/engine.js";
import { ROOT } from "../../support/root.js";
import { syntheticImage } from "../../support/synthetic-image.js";

const gpu = useEngine();

async function estimate(file: WeightFile, image: RgbImage): Promise<SpectralEstimate> {
  const estimator = await SpectralEstimator.load(gpu.engine, file);
  try {
    return await estimator.estimate(image);
  } finally {
    estimator.dispose();
  }
}

function withoutWide({ tensors, metadata }: WeightFile): WeightFile {
  return { tensors: new Map([...tensors].filter(([name]) => !name.startsWith("wide"))), metadata };
}

interface Said {
  /** Variances of both axes together, in square pixels. */
  readonly spread: number;
  /** Probabilities. */
  readonly gaussian: number;
  readonly camera: number;
  /** What the second network adds to the first one's spread. */
  readonly more?: number;
}

/** Errors that the networks say, in square pixels: by them one knows who has read. */
const [FIRST, USUAL, WIDE] = [1, 2, 3];

/** Networks that say the same of all photos. */
function saying({ spread, gaussian, camera, more = 0 }: Said): WeightFile {
  const logit = (p: number): number => Math.log(p / (1 - p));
  const said = new Map([
    ["layer3.bias", { 0: spread / 2, 1: spread / 2, 5: FIRST / 5 }],
    // Half of its own covariance counts, as its gate is half open.
    ["whole3.bias", { 0: more, 1: more, 3: 0.5, 6: USUAL / 5, 8: logit(camera), 11: logit(gaussian) }],
    // These have not learned the noise nor the kind of photo.
    ["wide3.bias", { 3: 0.25, 6: WIDE / 5, 8: logit(0.9), 11: logit(0.9) }],
  ] as [string, Record<number, number>][]);
  const tensor = ({ name, shape }: ParameterShape) =>
    [
      name,
      { shape, data: Float32Array.from({ length: sizeOf(shape) }, (_, i) => said.get(name)?.[i] ?? 0) },
    ] as const;
  return {
    tensors: new Map([...NETWORK_SHAPES, ...WIDE_SHAPES, ...wholeShapes(WHOLE_WIDTHS)].map(tensor)),
    metadata: { format: "spectral", scale: "2" },
  };
}

const IMAGE = syntheticImage(1, 240, 200);

describe("a photo of fewer than 100 windows", () => {
  const small = syntheticImage(1, 120, 100);

  it.each([
    { more: 11.9, image: small, size: "small", by: USUAL },
    { more: 12.1, image: small, size: "small", by: FIRST },
    { more: 12.1, image: IMAGE, size: "large", by: USUAL },
  ])(
    "gets the first network's kernel where the second one's is more than twice as wide: $more px² more, $size",
    async ({ more, image, by }) => {
      const file = saying({ spread: 10, gaussian: 0.6, camera: 0.02, more });
      const { uncertainty, photo } = await estimate(file, image);
      expect(uncertainty.error).toBeCloseTo(by, 4);
      expect(photo?.gaussian).toBeCloseTo(0.6, 4);
    },
  );
});

describe("an even blur", () => {
  it("is believed in a small photo, too, however wide", async () => {
    const packaged = parseSafetensors(await readFile(join(ROOT, "models/spectral-x2.safetensors")));
    const { rgb } = await readImage(PHOTO);
    const sharp = cropImage(rgb, { left: 60, top: 60, width: 288, height: 240 });
    const truth = paperKernel({ shape: { kind: "disk", radius: 6 }, lens: 0.6 });
    const { covariance } = await estimate(packaged, roundToBytes(degrade(sharp, truth, 2)));
    const { xx, yy } = kernelCovariance(truth);
    expect(Math.abs(covariance.xx + covariance.yy - xx - yy)).toBeLessThan(2);
  });

  it.each([
    { of: "a lens out of focus", truth: diskKernel(3.3), width: 576, height: 400, least: 58 },
    { of: "a lens out of focus", truth: diskKernel(2.7), width: 288, height: 240, least: 60 },
    { of: "a motion", truth: motionKernel(5, 0.6), width: 576, height: 400, least: 60 },
    { of: "a motion", truth: motionKernel(5, 0.6), width: 288, height: 240, least: 56 },
  ])("of $of gets its own kernel, in $width×$height pixels", async ({ truth, least, ...size }) => {
    const packaged = parseSafetensors(await readFile(join(ROOT, "models/spectral-x2.safetensors")));
    const { rgb } = await readImage(PHOTO);
    const sharp = cropImage(rgb, { left: 60, top: 60, ...size });
    const { kernel } = await estimate(packaged, roundToBytes(degrade(sharp, truth, 2)));
    expect(kernelPsnr(kernel, truth)).toBeGreaterThan(least);
  });
});

describe("a photo at ×4", () => {
  it.each([
    { of: "a lens out of focus", x2: diskKernel(2.7), least: 70, gain: 5 },
    { of: "a lens less so", x2: diskKernel(2), least: 70, gain: 3 },
  ])("of $of gets a whole kernel", async ({ x2, least, gain }) => {
    const packaged = parseSafetensors(await readFile(join(ROOT, "models/spectral-x4.safetensors")));
    const { rgb } = await readImage(PHOTO);
    const sharp = cropImage(rgb, { left: 0, top: 0, width: 720, height: 480 });
    const truth = x4Kernel(x2);
    const { kernel, covariance } = await estimate(packaged, roundToBytes(degrade(sharp, truth, 4)));
    const psnr = kernelPsnr(kernel, truth);
    expect(psnr).toBeGreaterThan(least);
    expect(psnr).toBeGreaterThan(kernelPsnr(x4Kernel(covarianceKernel(covariance)), truth) + gain);
  });
});

describe("a photo without colors", () => {
  it.each([1, 3, 8])("has the noise of its brightness, and no JPEG: %d of 255", async (level) => {
    const packaged = parseSafetensors(await readFile(join(ROOT, "models/spectral-x2.safetensors")));
    const { rgb } = await readImage(PHOTO);
    const sharp = cropImage(rgb, { left: 60, top: 60, width: 480, height: 400 });
    const { width, height, data } = toGray(
      degrade(sharp, gaussianKernel({ lambda1: 1.8, lambda2: 1.8, theta: 0 }), 2),
    );
    const random = new RandomStream(5, 0);
    const plane = width * height;
    for (let i = 0; i < plane; i++) data[i] += (level / 255) * random.normal();
    data.copyWithin(plane, 0, plane);
    data.copyWithin(2 * plane, 0, plane);
    const gray = roundToBytes(rgbImage(width, height, data));
    const { noise, photo } = await estimate(packaged, gray);
    expect(noise / level).toBeGreaterThan(0.75);
    expect(noise / level).toBeLessThan(1.25);
    expect(photo?.compressed).toBeLessThan(0.5);
  });
});

describe("the layers for wide blur", () => {
  it.each([
    { spread: 9.1, gaussian: 0.24, camera: 0.24, by: WIDE },
    { spread: 30, gaussian: 0.12, camera: 0.02, by: WIDE },
    { spread: 8.9, gaussian: 0.24, camera: 0.24, by: USUAL },
    { spread: 30, gaussian: 0.52, camera: 0.01, by: USUAL },
    { spread: 30, gaussian: 0.01, camera: 0.52, by: USUAL },
    { spread: 30, gaussian: 0.26, camera: 0.26, by: USUAL },
  ])(
    "read it beyond 9 px² where it is neither a Gaussian nor a camera's: $spread px², $gaussian, $camera",
    async ({ by, ...said }) => {
      const file = saying(said);
      const { uncertainty, noise, photo } = await estimate(file, IMAGE);
      expect(uncertainty.error).toBeCloseTo(by, 4);
      const { noise: usualNoise, photo: usualPhoto } = await estimate(withoutWide(file), IMAGE);
      expect({ noise, photo }).toEqual({ noise: usualNoise, photo: usualPhoto });
    },
  );

  it("may be absent from a file, but not in part", async () => {
    const file = saying({ spread: 30, gaussian: 0.12, camera: 0.02 });
    const { uncertainty } = await estimate(withoutWide(file), IMAGE);
    expect(uncertainty.error).toBeCloseTo(USUAL, 4);
    const tensors = new Map(file.tensors);
    tensors.delete("wide3.bias");
    const { metadata } = file;
    await expect(SpectralEstimator.load(gpu.engine, { tensors, metadata })).rejects.toThrow(
      'lacks tensor "wide3.bias"',
    );
    const alone = new Map([...file.tensors].filter(([name]) => !name.startsWith("whole")));
    await expect(SpectralEstimator.load(gpu.engine, { tensors: alone, metadata })).rejects.toThrow(
      'lacks tensor "whole1.weight"',
    );
  });

  it("mend the reading of a lens far out of focus, and leave a Gaussian as it was", async () => {
    const packaged = parseSafetensors(await readFile(join(ROOT, "models/spectral-x2.safetensors")));
    const { rgb } = await readImage(PHOTO);
    const sharp = cropImage(rgb, { left: 60, top: 60, width: 576, height: 400 });
    const both = async (kernel: BlurKernel<"correlation">) => {
      const image = roundToBytes(degrade(sharp, kernel, 2));
      return [await estimate(packaged, image), await estimate(withoutWide(packaged), image)];
    };
    const errors = async (radius: number) => {
      const lens = paperKernel({ shape: { kind: "polygon", radius, corners: 5, angle: 0.3 }, lens: 0.6 });
      const truth = kernelCovariance(lens);
      return (await both(lens)).map(
        ({ covariance: { xx, xy, yy } }) =>
          Math.abs(xx - truth.xx) + Math.abs(yy - truth.yy) + 2 * Math.abs(xy - truth.xy),
      );
    };
    // In square pixels; the usual layers read this lens nearly as well, and a wider one much worse.
    expect((await errors(7))[0]).toBeLessThan(0.2);
    const [wide, usual] = await errors(8);
    expect(wide).toBeLessThan(usual / 2);
    const [gaussian, before] = await both(gaussianKernel({ lambda1: 5, lambda2: 4.8, theta: 0.5 }));
    expect(gaussian).toEqual(before);
  });
});
