import { expect, it } from "vitest";
import { rgbImage } from "../../../src/image/rgb-image.js";
import { kernelOffset } from "../../../src/kernel/kernel-offset.js";
import { compressRepeatedly } from "../../../src/node/image-io/compress-jpeg.js";
import { encodeSceneShard } from "../../../src/node/runs/scene-shard.js";
import { BLUR_FAMILIES, blurScene, PHOTOS } from "../../../src/train/spectral/blur-scene.js";
import { syntheticImage } from "../../support/synthetic-image.js";

const SIZE = { width: 64, height: 48 };
const PHOTO = syntheticImage(3, 80, 70);
const scenes = Array.from({ length: 40 }, (_, number) => blurScene([PHOTO], SIZE, 5, number));

it("depends on seed and number alone", () => {
  expect(blurScene([PHOTO], SIZE, 5, 7)).toEqual(scenes[7]);
  expect(blurScene([PHOTO], SIZE, 6, 7)).not.toEqual(scenes[7]);
});

it("is taken by a camera as often as was asked for", () => {
  const families = (cameras: number): Set<string> =>
    new Set(scenes.map((_, number) => blurScene([PHOTO], { ...SIZE, cameras }, 5, number).family));
  expect([...families(1)].sort()).toEqual(["camera", "wide camera"]);
  expect([...families(0)].filter((family) => family.includes("camera"))).toEqual([]);
  expect(families(0).size).toBeGreaterThan(3);
});

it("has kernels of sum 1 on the natural grid, half a pixel after their middle", () => {
  for (const { kernel } of scenes) {
    expect(kernel.values.reduce((sum, value) => sum + value, 0)).toBeCloseTo(1, 2);
    for (const offset of kernelOffset(kernel)) expect(offset).toBeCloseTo(0.5, 1);
  }
  expect(new Set(scenes.map(({ family }) => family)).size).toBeGreaterThan(4);
});

it("has several photos of each scene, half the size of the sharp part, that differ in noise alone", () => {
  for (const { photos } of scenes) {
    expect(photos).toHaveLength(PHOTOS);
    for (const { image, noiseFree, whiteNoise, unsharp } of photos) {
      expect([image.width, image.height]).toEqual([32, 24]);
      const difference = image.data.map((value, i) => 255 * (value - noiseFree.data[i]));
      const deviation = Math.hypot(...difference) / Math.sqrt(difference.length);
      // Rounding to 8 bits alone has 0.29.
      if (whiteNoise !== undefined) expect(deviation).toBeLessThan(1.1 * Math.hypot(whiteNoise, 0.29) + 0.05);
      else expect(deviation).toBeGreaterThan(0);
      if (whiteNoise !== undefined) expect(unsharp).toBe(0);
    }
  }
});

it("goes to a file in which each photo has its kernel and its measured noise", async () => {
  const finished = await Promise.all(
    scenes.slice(0, 2).map(async (scene) => ({
      scene,
      finished: await Promise.all(
        scene.photos.map(({ image, qualities }) => compressRepeatedly(image, qualities)),
      ),
    })),
  );
  const file = encodeSceneShard(finished, 12);
  const view = new DataView(file.buffer);
  const start = 8 + Number(view.getBigUint64(0, true));
  const header = JSON.parse(new TextDecoder().decode(file.subarray(8, start)));
  expect(header.__metadata__.families.split(";")).toEqual([...BLUR_FAMILIES]);
  expect(header.small.shape).toEqual([2 * PHOTOS, 3, 24, 32]);
  expect(header.kernel.shape).toEqual([2 * PHOTOS, 32, 32]);
  const floats = (name: string): number[] => {
    const [begin, end] = header[name].data_offsets;
    return Array.from({ length: (end - begin) / 4 }, (_, i) => view.getFloat32(start + begin + 4 * i, true));
  };
  expect(floats("scene")).toEqual([12, 12, 12, 13, 13, 13]);
  const kernels = floats("kernel");
  for (let photo = 0; photo < 2 * PHOTOS; photo++) {
    const kernel = kernels.slice(1024 * photo, 1024 * (photo + 1));
    const mean = (place: (i: number) => number): number =>
      kernel.reduce((sum, value, i) => sum + value * place(i), 0);
    expect(mean(() => 1)).toBeCloseTo(1, 2);
    expect(mean((i) => Math.floor(i / 32))).toBeCloseTo(15.5, 0);
    expect(mean((i) => i % 32)).toBeCloseTo(15.5, 0);
  }
  const names = header.__metadata__.facts.split(";");
  expect(header.facts.shape).toEqual([2 * PHOTOS, names.length]);
  const { photos } = finished[0].scene;
  const { image, noiseFree } = photos[0];
  const difference = rgbImage(
    32,
    24,
    image.data.map((value, i) => value - noiseFree.data[i]),
  );
  const deviation = (255 * Math.hypot(...difference.data)) / Math.sqrt(difference.data.length);
  expect(floats("facts")[names.indexOf("noise before JPEG")]).toBeCloseTo(deviation, 3);
});
