import { describe, expect, it } from "vitest";
import { blurKernel } from "../../src/model/blur-kernel.js";
import { degrade } from "../../src/model/degradation/degrade.js";
import { ImageError } from "../../src/model/errors.js";
import { type RgbImage, rgbImage } from "../../src/model/image.js";
import { CROP_SIZE, metaTask, trainingImage } from "../../src/train/tasks.js";
import { syntheticImage } from "../support/synthetic-image.js";
import { maxDifference } from "../support/traces.js";

const SHAPE = { innerSteps: 25, evaluations: 5 };

/** Multiples of 1/255 within [0, 1], as an 8-bit file has them. */
function photo(seed: number, width: number, height: number): RgbImage {
  const { data } = syntheticImage(seed, width, height);
  return rgbImage(
    width,
    height,
    data.map((value) => Math.round(255 * Math.min(1, Math.max(0, value))) / 255),
  );
}

const images = [photo(1, 230, 250), photo(2, 300, 200)];
const training = images.map(trainingImage);

describe("training tasks", () => {
  it("depend on seed and number alone", () => {
    const task = metaTask(training, SHAPE, 7, 3);
    expect(metaTask(training, SHAPE, 7, 3)).toEqual(task);
    expect(metaTask(training, SHAPE, 7, 4).dad).not.toEqual(task.dad);
    expect(metaTask(training, SHAPE, 8, 3).dad).not.toEqual(task.dad);
  });

  it("hold a son that is the dad, degraded once more, and windows within it", () => {
    const tops = new Set<number>();
    for (let number = 0; number < 8; number++) {
      const { dad, son, kernel, windows, evaluationWindows } = metaTask(training, SHAPE, 0, number);
      expect([dad.width, dad.height, son.width, son.height]).toEqual([96, 96, 48, 48]);
      expect(kernel).toHaveLength(121);
      expect(Array.from(kernel).reduce((sum, value) => sum + value)).toBeCloseTo(1, 6);
      const { data } = degrade(dad, blurKernel(kernel, 2), 2);
      expect(maxDifference(son.data, data)).toBeLessThan(1e-7);
      expect([windows.length, evaluationWindows.length]).toEqual([50, 10]);
      for (const place of [...Array.from(windows), ...Array.from(evaluationWindows)]) {
        expect(Number.isInteger(place) && place >= 0 && place <= 16).toBe(true);
        tops.add(place);
      }
    }
    // The last place must be drawn too.
    expect([Math.min(...tops), Math.max(...tops)]).toEqual([0, 16]);
  });

  it("are crops of the images, in all eight orientations", () => {
    const seen = new Set<string>();
    const sources = new Set<number>();
    for (let number = 0; number < 60; number++) {
      const { dad, kernel } = metaTask(training, SHAPE, 5, number);
      const found = findCrop(dad, kernel);
      expect(found, `task ${number}`).toBeDefined();
      seen.add(found?.orientation ?? "");
      sources.add(found?.image ?? -1);
    }
    expect(seen.size).toBe(8);
    expect(sources.size).toBe(2);
  });

  it("want images of at least one crop", () => {
    expect(() => trainingImage(photo(0, 191, 400))).toThrow(ImageError);
    const small = trainingImage(photo(0, 192, 192));
    expect(metaTask([small], SHAPE, 0, 0).dad.width).toBe(96);
  });
});

/** Looks for the crop and orientation that give a dad: first by one pixel, then by all. */
function findCrop(
  dad: RgbImage,
  kernel: ArrayLike<number>,
): { image: number; orientation: string } | undefined {
  for (const [index, image] of images.entries()) {
    for (let top = 0; top <= image.height - CROP_SIZE; top += 2) {
      for (let left = 0; left <= image.width - CROP_SIZE; left += 2) {
        for (const orientation of ["", "x", "y", "xy", "t", "xt", "yt", "xyt"]) {
          const at = (plane: number, row: number, column: number): number => {
            const [r, c] = orientation.includes("t") ? [column, row] : [row, column];
            const y = top + (orientation.includes("y") ? CROP_SIZE - 1 - r : r);
            const x = left + (orientation.includes("x") ? CROP_SIZE - 1 - c : c);
            return image.data[(plane * image.height + y) * image.width + x] as number;
          };
          if (matches(dad, kernel, at)) return { image: index, orientation };
        }
      }
    }
  }
  return undefined;
}

/** Compares scattered pixels off the border with the blurred crop. */
function matches(
  dad: RgbImage,
  kernel: ArrayLike<number>,
  at: (plane: number, row: number, column: number) => number,
): boolean {
  return [40, 9, 61, 83, 22].every((place, i) => {
    const [plane, row, column] = [i % 3, place, (7 * place) % 83 || 5];
    const columnWithin = Math.max(5, column);
    let sum = 0;
    for (let k = 0; k < 121; k++) {
      const value = at(plane, 2 * row + Math.floor(k / 11) - 5, 2 * columnWithin + (k % 11) - 5);
      sum += (kernel[k] as number) * value;
    }
    return Math.abs(sum - (dad.data[(plane * 96 + row) * 96 + columnWithin] as number)) < 1e-5;
  });
}
