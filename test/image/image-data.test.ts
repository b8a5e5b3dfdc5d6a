import { afterAll, beforeAll, expect, it, vi } from "vitest";
import { ImageError } from "../../src/image/errors.js";
import { alphaOf, fromImageData, toImageData } from "../../src/image/image-data.js";
import { rgbImage } from "../../src/image/rgb-image.js";

/** As browsers have it; Node has none. */
class Pixels {
  readonly data: Uint8ClampedArray;

  constructor(
    readonly width: number,
    readonly height: number,
  ) {
    this.data = new Uint8ClampedArray(4 * width * height);
  }
}

beforeAll(() => void vi.stubGlobal("ImageData", Pixels));
afterAll(() => void vi.unstubAllGlobals());

it.each([4, 12, 20])("takes no %i values for two pixels", (length) => {
  const pixels = { width: 2, height: 1, data: new Uint8ClampedArray(length) } as unknown as ImageData;
  expect(() => fromImageData(pixels)).toThrow(ImageError);
  expect(() => fromImageData(pixels)).toThrow(`2×1 has 8 values; got ${length}.`);
});

it.each([
  ["8-bit display-p3", { data: new Uint8ClampedArray(8), colorSpace: "display-p3" }],
  ["32-bit srgb", { data: new Float32Array(8), colorSpace: "srgb" }],
])("takes no pixels of %s for bytes in sRGB", (what, fields) => {
  const pixels = { width: 2, height: 1, ...fields } as unknown as ImageData;
  expect(() => fromImageData(pixels)).toThrow(ImageError);
  expect(() => fromImageData(pixels)).toThrow(`Give 8-bit srgb, not ${what}.`);
});

/** Two pixels above each other: an opaque one, and one that is half transparent. */
const DATA = Uint8ClampedArray.of(255, 0, 51, 255, 10, 20, 30, 102);

it("takes a canvas's pixels apart into planes and alpha", () => {
  const pixels = { width: 1, height: 2, data: DATA, colorSpace: "srgb" } as ImageData;
  const planes = [255, 10, 0, 20, 51, 30].map((value) => value / 255);
  expect(fromImageData(pixels)).toEqual(rgbImage(1, 2, Float32Array.from(planes)));
  expect(alphaOf(pixels)).toEqual(Float32Array.of(1, 102 / 255));
  const opaque = DATA.map((value, i) => (i % 4 === 3 ? 255 : value));
  expect(alphaOf({ ...pixels, data: opaque })).toBeUndefined();
});

it("puts them together again, whole or some rows of them", () => {
  const pixels = { width: 1, height: 2, data: DATA } as ImageData;
  const [image, alpha] = [fromImageData(pixels), alphaOf(pixels)];
  expect(toImageData(image, alpha).data).toEqual(DATA);
  expect(toImageData(image, alpha, { top: 1, height: 1 }).data).toEqual(DATA.subarray(4));
  expect([...toImageData(image).data].filter((_, i) => i % 4 === 3)).toEqual([255, 255]);
});

it("clamps and rounds what lies outside", () => {
  const { data } = toImageData(rgbImage(1, 1, Float32Array.of(-0.2, 1.2, 0.4999)));
  expect([...data]).toEqual([0, 255, 127, 255]);
});
