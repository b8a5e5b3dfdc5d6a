import { describe, expect, it } from "vitest";
import { ImageError } from "../../../src/image/errors.js";
import { type RgbImage, rgbImage } from "../../../src/image/rgb-image.js";
import { metaTask } from "../../../src/train/meta/meta-task.js";
import { CROP_SIZE, trainingImage } from "../../../src/train/training-image.js";
import { syntheticImage } from "../../support/synthetic-image.js";

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
    expect(metaTask(training, SHAPE, 7, 4).images).not.toEqual(task.images);
    expect(metaTask(training, SHAPE, 8, 3).images).not.toEqual(task.images);
  });

  it("hold a kernel of sum 1, and windows within the child", () => {
    const places = new Set<number>();
    for (let number = 0; number < 8; number++) {
      const { images, kernel, windows, evaluationWindows } = metaTask(training, SHAPE, 0, number);
      expect([images.image.width, images.image.height]).toEqual([192, 192]);
      expect(kernel).toHaveLength(121);
      expect(Array.from(kernel).reduce((sum, value) => sum + value)).toBeCloseTo(1, 6);
      expect([windows.length, evaluationWindows.length]).toEqual([50, 10]);
      for (const place of [...Array.from(windows), ...Array.from(evaluationWindows)]) {
        expect(Number.isInteger(place) && place >= 0 && place <= 16).toBe(true);
        places.add(place);
      }
    }
    // The last place must be drawn too.
    expect([Math.min(...places), Math.max(...places)]).toEqual([0, 16]);
  });

  it("are crops of the images, in all eight orientations", () => {
    const seen = new Set<string>();
    const sources = new Set<number>();
    for (let number = 0; number < 60; number++) {
      const found = findCrop(metaTask(training, SHAPE, 5, number).images.image);
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
    expect(metaTask([small], SHAPE, 0, 0).images.image.width).toBe(192);
  });
});

/** Looks for where a crop was taken, and in which orientation. */
function findCrop(crop: RgbImage): { image: number; orientation: string } | undefined {
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
          if (matches(crop, at)) return { image: index, orientation };
        }
      }
    }
  }
  return undefined;
}

/** Stops at the first pixel that differs. */
function matches(crop: RgbImage, at: (plane: number, row: number, column: number) => number): boolean {
  return crop.data.every((value, i) => {
    const [plane, place] = [Math.floor(i / CROP_SIZE ** 2), i % CROP_SIZE ** 2];
    return Math.abs(value - at(plane, Math.floor(place / CROP_SIZE), place % CROP_SIZE)) < 1e-7;
  });
}
