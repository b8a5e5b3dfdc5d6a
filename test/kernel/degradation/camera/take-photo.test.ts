import { describe, expect, it } from "vitest";
import { RandomStream } from "../../../../src/engine/random.js";
import { photoScore } from "../../../../src/image/metrics/photo-score.js";
import { upscaleBicubic } from "../../../../src/image/resize/bicubic.js";
import { type RgbImage, rgbImage } from "../../../../src/image/rgb-image.js";
import { toLinear, toSrgb } from "../../../../src/image/srgb.js";
import { benchmarkItem } from "../../../../src/kernel/degradation/benchmark.js";
import { TEST_RANGES, TRAINING_RANGES } from "../../../../src/kernel/degradation/camera/ranges.js";
import { type CameraRecipe, drawRecipe } from "../../../../src/kernel/degradation/camera/recipe.js";
import { takePhoto } from "../../../../src/kernel/degradation/camera/take-photo.js";
import { compressRepeatedly } from "../../../../src/node/image-io/compress-jpeg.js";
import { maxDifference } from "../../../support/difference.js";
import { syntheticImage } from "../../../support/synthetic-image.js";

/** No noise, hardly any blur, nothing beside. */
const PLAIN: CameraRecipe = {
  blur: { shape: { kind: "gauss", sigmas: [0.05, 0.05], angle: 0 }, lens: 0.05 },
  phase: [0, 0],
  noise: { shot: 0, read: 0 },
  demosaic: "malvar",
  unsharp: 0,
  resize: 1,
  qualities: [],
};

const take = (scene: RgbImage, recipe: Partial<CameraRecipe>, scale = 2) =>
  takePhoto(scene, { ...PLAIN, ...recipe }, scale, new RandomStream(1, 1));

/** Fine checks of two grays, the same in all channels: their mean depends on where it is taken. */
function checks(dark: number, bright: number): RgbImage {
  const data = Float32Array.from({ length: 3 * 24 * 24 }, (_, i) =>
    ((i % 24) + Math.floor(i / 24)) % 2 === 0 ? dark : bright,
  );
  return rgbImage(24, 24, data);
}

/** A smooth scene. */
const WAVES = rgbImage(
  48,
  40,
  Float32Array.from({ length: 3 * 48 * 40 }, (_, i) => {
    const [x, y] = [i % 48, Math.floor(i / 48) % 40];
    return 0.5 + 0.25 * Math.sin(0.2 * x) * Math.cos(0.17 * y);
  }),
);

describe("takePhoto", () => {
  it("takes means of light, not of code values", () => {
    const { image } = take(checks(0.1, 0.9), {});
    const light = toSrgb((toLinear(0.1) + toLinear(0.9)) / 2);
    // The mean of the code values would be 0.5.
    expect(light).toBeGreaterThan(0.65);
    for (const value of image.data) expect(Math.abs(value - light)).toBeLessThan(0.6 / 255);
  });

  it.each([
    [2, 1],
    [2, 0.6],
    [4, 1],
    [4, 0.7],
  ])("lies on the natural grid at ×%i, resized by %d, on both axes", (scale, resize) => {
    const scene = upscaleBicubic(WAVES, scale);
    const { image } = take(scene, { resize, blur: { shape: { kind: "disk", radius: 1 }, lens: 0.4 } }, scale);
    expect([image.width, image.height]).toEqual([scene.width / scale, scene.height / scale]);
    // Mirroring scene and photo must come to the same but for the mosaic: a grid that is off would show twice.
    const flipped = ({ width, height, data }: RgbImage) =>
      rgbImage(
        width,
        height,
        data.map((_, i) => {
          const plane = width * height;
          return data[Math.floor(i / plane) * plane + plane - 1 - (i % plane)];
        }),
      );
    const mirrored = flipped(
      take(flipped(scene), { resize, blur: { shape: { kind: "disk", radius: 1 }, lens: 0.4 } }, scale).image,
    );
    const inner = image.data.filter((_, i) => {
      const [x, y] = [i % image.width, Math.floor(i / image.width) % image.height];
      return Math.min(x, y, image.width - 1 - x, image.height - 1 - y) > 2;
    });
    const other = mirrored.data.filter((_, i) => {
      const [x, y] = [i % image.width, Math.floor(i / image.width) % image.height];
      return Math.min(x, y, image.width - 1 - x, image.height - 1 - y) > 2;
    });
    expect(maxDifference(inner, other)).toBeLessThan(3 / 255);
    // And an enlargement lies on the scene without a shift.
    expect(photoScore(upscaleBicubic(image, scale), scene).psnr).toBeGreaterThan(40);
  });

  it("depends on the recipe and the random numbers alone", () => {
    const scene = syntheticImage(4, 40, 36);
    const recipe = drawRecipe(new RandomStream(7, 3, 2), TEST_RANGES);
    const photo = () => takePhoto(scene, recipe, 2, new RandomStream(9, 9));
    expect(photo()).toEqual(photo());
    const other = takePhoto(scene, recipe, 2, new RandomStream(9, 8));
    expect(maxDifference(other.image.data, photo().image.data)).toBeGreaterThan(0);
  });

  it("has noise that is correlated and colored, for it is made before the demosaicing", () => {
    const gray = rgbImage(200, 200, new Float32Array(3 * 200 * 200).fill(0.5));
    const { image } = take(gray, { noise: { shot: 0.003, read: 0.003 } });
    const { width, data } = image;
    const pixels = width ** 2;
    const red = data.subarray(0, pixels).map((value) => value - 0.5);
    let [product, square] = [0, 0];
    for (let i = 0; i + 1 < pixels; i++) {
      product += red[i] * red[i + 1];
      square += red[i] ** 2;
    }
    // Independent values would be within 0.02 of 0.
    expect(product / square).toBeGreaterThan(0.1);
  });
});

describe("drawRecipe", () => {
  const recipes = (ranges: typeof TEST_RANGES) =>
    Array.from({ length: 400 }, (_, i) => drawRecipe(new RandomStream(1, 5, i), ranges));

  it("stays within the ranges and reaches all of them", () => {
    const drawn = recipes(TEST_RANGES);
    const spans: [(recipe: CameraRecipe) => number | undefined, number, number][] = [
      [({ blur }) => blur.lens, 0.4, 0.8],
      [({ blur: { shape } }) => (shape.kind === "gauss" ? shape.sigmas[0] : undefined), 0.6, 2.4],
      [({ blur: { shape } }) => (shape.kind === "disk" ? shape.radius : undefined), 0.8, 3.6],
      [({ blur: { shape } }) => (shape.kind === "motion" ? shape.length : undefined), 2, 10],
      [({ noise }) => Math.log10(noise.shot), -3.8, -2.3],
      [({ noise }) => Math.log10(noise.read), -3.4, -2.2],
      [({ qualities }) => qualities[0], 60, 98],
      [({ unsharp }) => (unsharp > 0 ? unsharp : undefined), 0.2, 0.6],
      [({ resize }) => (resize < 1 ? resize : undefined), 0.5, 0.95],
    ];
    for (const [value, low, high] of spans) {
      const values = drawn.map(value).filter((each) => each !== undefined);
      const span = high - low;
      expect(Math.min(...values)).toBeGreaterThanOrEqual(low);
      expect(Math.min(...values)).toBeLessThan(low + 0.1 * span);
      expect(Math.max(...values)).toBeLessThanOrEqual(high);
      expect(Math.max(...values)).toBeGreaterThan(high - 0.1 * span);
    }
    expect(new Set(drawn.map(({ blur }) => blur.shape.kind))).toEqual(
      new Set(["gauss", "disk", "polygon", "motion"]),
    );
    expect(new Set(drawn.map(({ phase }) => phase.join("")))).toEqual(new Set(["00", "01", "10", "11"]));
    expect(new Set(drawn.map(({ qualities }) => qualities.length))).toEqual(new Set([1, 2]));
  });

  it("draws from wider ranges for training", () => {
    const widest = (ranges: typeof TEST_RANGES) =>
      Math.max(...recipes(ranges).map(({ blur: { shape } }) => (shape.kind === "motion" ? shape.length : 0)));
    expect(widest(TRAINING_RANGES)).toBeGreaterThan(widest(TEST_RANGES) + 1);
  });
});

describe("the benchmark setting camera", () => {
  const scene = syntheticImage(6, 80, 72);
  const item = (index: number, seed = 0) =>
    benchmarkItem(scene, index, { scale: 2, setting: "camera", seed });

  it("depends on seed and index, and says all that was drawn", () => {
    expect(item(1)).toEqual(item(1));
    expect(item(1).recipe).not.toEqual(item(2).recipe);
    expect(item(1).recipe).not.toEqual(item(1, 1).recipe);
    const { image, kernel, qualities, recipe } = item(3);
    expect(qualities).toEqual(recipe?.qualities);
    expect([image.width, image.height, kernel.scale]).toEqual([40, 36, 2]);
    expect(
      maxDifference(
        image.data,
        image.data.map((value) => Math.round(255 * value) / 255),
      ),
    ).toBeLessThan(1e-6);
  });

  it("is compressed with each of its qualities in turn", async () => {
    const { image } = item(0);
    const [once, twice] = [await compressRepeatedly(image, [40]), await compressRepeatedly(image, [40, 90])];
    expect(await compressRepeatedly(image, [])).toBe(image);
    expect(maxDifference(once.data, image.data)).toBeGreaterThan(2 / 255);
    expect(maxDifference(twice.data, once.data)).toBeGreaterThan(0);
    expect(twice).toEqual(await compressRepeatedly(once, [90]));
  });
});
