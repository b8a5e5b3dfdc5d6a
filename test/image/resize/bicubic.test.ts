import { describe, expect, it } from "vitest";
import { upscaleBicubic, upscalePlanes } from "../../../src/image/resize/bicubic.js";
import { rgbImage } from "../../../src/image/rgb-image.js";
import { blurKernel, flipKernel } from "../../../src/kernel/blur-kernel.js";
import { gaussianKernel } from "../../../src/kernel/families/gaussian-kernel.js";
import { x4Kernel } from "../../../src/kernel/families/x4-kernel.js";
import { kernelOffset } from "../../../src/kernel/kernel-offset.js";
import { syntheticImage } from "../../support/synthetic-image.js";

/** Cubic convolution with slope −¾ as its definition has it: a double sum over all pixels, repeated outward. */
function byDefinition(
  value: (row: number, column: number) => number,
  [height, width]: readonly [number, number],
  [y, x]: readonly [number, number],
): number {
  const weight = (distance: number): number => {
    const t = Math.abs(distance);
    if (t >= 2) return 0;
    return t <= 1 ? 1.25 * t ** 3 - 2.25 * t ** 2 + 1 : -0.75 * t ** 3 + 3.75 * t ** 2 - 6 * t + 3;
  };
  const within = (place: number, length: number) => Math.min(Math.max(place, 0), length - 1);
  let sum = 0;
  for (let row = -3; row < height + 3; row++) {
    for (let column = -3; column < width + 3; column++) {
      sum += weight(y - row) * weight(x - column) * value(within(row, height), within(column, width));
    }
  }
  return sum;
}

describe("cubic convolution", () => {
  const [height, width] = [7, 9];
  const image = syntheticImage(4, width, height);

  it.each([
    [2, undefined],
    [3, undefined],
    [4, [-1.5, -1.5]],
    [2, [0.25, -0.7]],
  ] as const)("×%i is as defined, offset %s", (scale, offset) => {
    const large = upscaleBicubic(image, scale, offset);
    expect([large.height, large.width]).toEqual([scale * height, scale * width]);
    const [top, left] = offset ?? [(scale - 1) / 2, (scale - 1) / 2];
    for (let channel = 0; channel < 3; channel++) {
      const value = (row: number, column: number) => image.data[(channel * height + row) * width + column];
      for (let row = 0; row < large.height; row++) {
        for (let column = 0; column < large.width; column++) {
          const place = [(row - top) / scale, (column - left) / scale] as const;
          const expected = byDefinition(value, [height, width], place);
          const actual = large.data[(channel * large.height + row) * large.width + column];
          expect(Math.abs(actual - expected)).toBeLessThan(1e-6);
        }
      }
    }
  });

  it("takes any number of planes", () => {
    const plane = image.data.slice(0, width * height);
    const large = upscalePlanes(plane, image, 2);
    expect(large).toEqual(upscaleBicubic(image, 2).data.slice(0, 4 * width * height));
  });

  it("leaves an image as it is at ×1", () => {
    expect(upscaleBicubic(image, 1)).toEqual(image);
  });
});

describe("a kernel's offset", () => {
  it("is −(s − 1) / 2 for the paper's kernels, whichever way they are written", () => {
    const x2 = gaussianKernel({ lambda1: 1, lambda2: 3, theta: 0.5 });
    const x4 = x4Kernel(x2);
    for (const kernel of [x2, x4, flipKernel(x2), flipKernel(x4)]) {
      const offset = kernelOffset(kernel);
      // The ×4 kernel is cut after it was centered.
      for (const axis of offset) expect(Math.abs(axis + (kernel.scale - 1) / 2)).toBeLessThan(0.02);
    }
  });

  it("is where the degradation puts a pixel", () => {
    const values = new Float64Array(25);
    values[1 * 5 + 4] = 1;
    const kernel = blurKernel(values, 2);
    expect(kernelOffset(kernel)).toEqual([-1, 2]);
    // One bright pixel at row 3, column 6 of the large image is seen at 2 · (2, 2) + (−1, 2).
    const small = new Float32Array(3 * 25);
    small[2 * 5 + 2] = 1;
    const large = upscaleBicubic(rgbImage(5, 5, small), 2, kernelOffset(kernel));
    expect(large.data[3 * 10 + 6]).toBe(1);
  });
});
