import { describe, expect, it } from "vitest";
import { shrink } from "../../../src/image/resize/shrink.js";
import { rgbImage } from "../../../src/image/rgb-image.js";

const ramp = (width: number, height: number) =>
  rgbImage(
    width,
    height,
    Float32Array.from({ length: 3 * width * height }, (_, i) => i),
  );
const mean = (values: Float32Array): number => values.reduce((sum, value) => sum + value, 0) / values.length;

describe("shrink", () => {
  it("leaves an image of the same size alone", () => {
    const image = ramp(5, 3);
    expect(shrink(image, 5, 3).data).toEqual(image.data);
  });

  it("takes means of whole pixels where they fit", () => {
    expect([...shrink(ramp(4, 2), 2, 1).data]).toEqual([2.5, 4.5, 10.5, 12.5, 18.5, 20.5]);
  });

  it("shares pixels out that lie on a border", () => {
    const image = rgbImage(3, 1, Float32Array.of(0, 3, 6, 0, 0, 0, 1, 1, 1));
    expect([...shrink(image, 2, 1).data]).toEqual(
      [1, 5, 0, 0, 1, 1].map((value) => expect.closeTo(value, 6)),
    );
  });

  it("keeps the mean", () => {
    const image = ramp(17, 11);
    expect(mean(shrink(image, 12, 7).data)).toBeCloseTo(mean(image.data), 3);
  });
});
