import { describe, expect, it } from "vitest";
import { RandomStream } from "../../../src/engine/random.js";
import { ImageError } from "../../../src/image/errors.js";
import { assertHasDetail } from "../../../src/image/patches/assert-has-detail.js";
import { boxMean } from "../../../src/image/patches/box-mean.js";
import { gradientMap } from "../../../src/image/patches/gradient-map.js";
import { orderStatistics } from "../../../src/image/patches/order-statistic.js";
import { padCircular } from "../../../src/image/patches/pad-circular.js";
import { probabilityMap } from "../../../src/image/patches/probability-map.js";
import { patchCorner, samplePatches } from "../../../src/image/patches/sample-patches.js";
import { type RgbImage, rgbImage } from "../../../src/image/rgb-image.js";
import fixture from "../../fixtures/image-maths.json";
import { maxDifference } from "../../support/difference.js";
import { expectSampled } from "../../support/sampled.js";
import { syntheticImage } from "../../support/synthetic-image.js";
import { loadTrace, traceData } from "../../support/traces.js";

/** A gray image of a formula. */
function grayImage(width: number, height: number, gray: (x: number, y: number) => number): RgbImage {
  const data = new Float32Array(3 * width * height);
  for (let i = 0; i < data.length; i++) {
    const pixel = i % (width * height);
    data[i] = gray(pixel % width, Math.floor(pixel / width));
  }
  return rgbImage(width, height, data);
}

describe("orderStatistics", () => {
  it("equals sorting, with and without ties", () => {
    const random = new RandomStream(1, 0);
    for (const values of [
      Float64Array.from({ length: 1000 }, () => random.uniform()),
      Float64Array.from({ length: 1000 }, () => Math.floor(5 * random.uniform()) / 3),
      Float64Array.from({ length: 1000 }, (_, i) => 1 + (i % 7) * 2 ** -50),
    ]) {
      const sorted = values.slice().sort();
      for (const rank of [0, 1, 500, 970, 998]) {
        expect(orderStatistics(values, rank)).toEqual([sorted[rank], sorted[rank + 1]]);
      }
    }
    expect(orderStatistics(Float64Array.of(2, 1), 1)).toEqual([2, 2]);
  });
});

describe("boxMean", () => {
  it.each([1, 2, 3, 5, 8, 40])("equals summing up boxes of %i", (side) => {
    const [height, width] = [13, 17];
    const map = Float64Array.from({ length: height * width }, (_, i) => (i * 31) % 23);
    const before = Math.floor(side / 2);
    const expected = Array.from(map, (_, i) => {
      const [row, column] = [Math.floor(i / width), i % width];
      let sum = 0;
      for (let y = Math.max(row - before, 0); y < Math.min(row - before + side, height); y++) {
        for (let x = Math.max(column - before, 0); x < Math.min(column - before + side, width); x++) {
          sum += map[y * width + x];
        }
      }
      return sum / side ** 2;
    });
    boxMean(map, height, width, side);
    expect(maxDifference(map, expected)).toBeLessThan(1e-13);
  });

  it("keeps zeros exact next to large values", () => {
    const map = new Float64Array(100);
    map.fill(1e9 / 3, 0, 20);
    boxMean(map, 1, 100, 32);
    expect(Math.min(...map)).toBe(0);
    expect(map.subarray(40).every((value) => value === 0)).toBe(true);
  });
});

describe("gradient and probability maps", () => {
  it("equal SciPy's", () => {
    const map = gradientMap(syntheticImage(1, 97, 82));
    expectSampled(map, fixture.gradientMap, 1e-12);
    expectSampled(probabilityMap(map.slice(), 82, 97, 64), fixture.probabilityMap64, 1e-12);
    expectSampled(probabilityMap(map.slice(), 82, 97, 30), fixture.probabilityMap30, 1e-12);
  });

  it("are finite for stripes, one edge and no gradient at all", () => {
    for (const image of [
      grayImage(100, 80, (x) => (x % 8) / 8),
      grayImage(100, 80, (x) => (x < 50 ? 0 : 1)),
      grayImage(100, 80, (_, y) => (y === 40 ? 1 : 0)),
    ]) {
      const map = gradientMap(image);
      expect(map.every((value) => value >= 0 && value < Infinity)).toBe(true);
      expect(map.reduce((sum, value) => sum + value, 0) / map.length).toBeCloseTo(1, 10);
    }
    const flat = gradientMap(grayImage(100, 80, () => 0.5));
    expect(flat.every((value) => value === 0)).toBe(true);
    expect(probabilityMap(flat, 80, 100, 64).every((value) => value === 1 / 8000)).toBe(true);
  });
});

describe("samplePatches", () => {
  it("draws even corners inside the image, the same for the same seed", () => {
    const image = syntheticImage(1, 97, 82);
    const draw = (seed: number) => samplePatches(image, { count: 300, random: new RandomStream(seed, 0) });
    const corners = draw(1);
    expect(corners.length).toBe(600);
    for (let i = 0; i < corners.length; i += 2) {
      expect(corners[i] >= 0 && corners[i] <= 82 - 64 && corners[i] % 2 === 0).toBe(true);
      expect(corners[i + 1] >= 0 && corners[i + 1] <= 97 - 64 && corners[i + 1] % 2 === 0).toBe(true);
    }
    expect(draw(1)).toEqual(corners);
    expect(draw(2)).not.toEqual(corners);
  });

  it("prefers where the gradients are", () => {
    const image = grayImage(400, 100, (x, y) => (x > 300 ? ((x * 7 + y * 3) % 11) / 11 : 0.5));
    const corners = samplePatches(image, { count: 200, random: new RandomStream(1, 0) });
    const lefts = corners.filter((_, i) => i % 2 === 1);
    expect(Math.min(...lefts)).toBeGreaterThan(200);
  });

  it("has one patch only in an image of its size, and none in a smaller one", () => {
    const options = { count: 5, random: new RandomStream(1, 0) };
    expect(samplePatches(syntheticImage(1, 64, 64), options)).toEqual(new Int32Array(10));
    expect(() => samplePatches(syntheticImage(1, 64, 63), options)).toThrow(ImageError);
  });

  it("moves patches into the image before it makes their corners even", () => {
    expect(patchCorner(0, 81, 97, 64)).toEqual([0, 0]);
    expect(patchCorner(81 * 97 - 1, 81, 97, 64)).toEqual([16, 32]);
    expect(patchCorner(40 * 97 + 45, 81, 97, 64)).toEqual([8, 12]);
  });
});

describe("padCircular", () => {
  it("repeats the image evenly around itself, several times where it is tiny", () => {
    const image = grayImage(17, 70, (x, y) => x + 100 * y);
    const { width, height, data } = padCircular(image);
    expect([width, height]).toEqual([64, 70]);
    for (let y = 0; y < height; y++) {
      for (let x = 0; x < width; x++) expect(data[y * width + x]).toBe(((x + 34 - 23) % 17) + 100 * y);
    }
  });

  it("returns large images as they are", () => {
    const image = syntheticImage(1, 64, 64);
    expect(padCircular(image)).toBe(image);
  });

  it("works from 16×16 on", () => {
    const padded = padCircular(syntheticImage(1, 16, 16));
    expect([padded.width, padded.height]).toEqual([64, 64]);
    expect(() => padCircular(syntheticImage(1, 16, 15))).toThrow(ImageError);
  });
});

describe("assertHasDetail", () => {
  it("accepts an image in which any pixel differs in any channel", () => {
    const data = new Float32Array(300).fill(0.5);
    data[299] = 0.6;
    assertHasDetail(rgbImage(10, 10, data));
  });

  it("refuses one flat color and values that are no numbers", () => {
    const flat = rgbImage(
      10,
      10,
      Float32Array.from({ length: 300 }, (_, i) => Math.floor(i / 100) / 3),
    );
    expect(() => assertHasDetail(flat)).toThrow(ImageError);
    for (const bad of [Number.NaN, Infinity]) {
      const image = syntheticImage(1, 16, 16);
      image.data[700] = bad;
      expect(() => assertHasDetail(image)).toThrow(ImageError);
    }
  });
});

const trace = loadTrace("degradation");
const adaptInput = loadTrace("adapt_input");

describe.skipIf(!trace || !adaptInput)("the authors' patches", () => {
  const data = (name: string) => traceData(trace ?? new Map(), name);
  const image = (size: number, name: string) => {
    const pixels = data(name);
    const plane = size * size;
    const planar = Float32Array.from(pixels, (_, i) => pixels[(i % plane) * 3 + Math.floor(i / plane)]);
    return rgbImage(size, size, planar);
  };

  it.each([
    { size: 128, name: "gradmap/lr", map: "gradmap", crop: 64 },
    { size: 256, name: "hr", map: "gradmap_hr", crop: 192 },
  ])("have the maps of $name", ({ size, name, map, crop }) => {
    const gradients = gradientMap(image(size, name));
    expect(maxDifference(gradients, data(`${map}/loss_map`))).toBeLessThan(1e-12);
    const probabilities = probabilityMap(gradients, size, size, crop);
    expect(maxDifference(probabilities, data(`${map}/prob_map_crop${crop}`))).toBeLessThan(1e-16);
  });

  it("have the same corners", () => {
    const corners = Array.from(data("top_left/centres"), (center) => patchCorner(center, 128, 128, 64));
    expect(corners.flat()).toEqual(Array.from(data("top_left/tl_128x128_size64")));
    const drawn = traceData(adaptInput ?? new Map(), "coords");
    expect(drawn.every((corner) => corner % 2 === 0 && corner >= 0 && corner <= 64)).toBe(true);
  });
});
