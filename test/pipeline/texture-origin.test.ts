import { describe, expect, it } from "vitest";
import { rollImage } from "../../src/image/circular/roll-image.js";
import { type RgbImage, rgbImage } from "../../src/image/rgb-image.js";
import { textureOrigin } from "../../src/pipeline/texture-origin.js";
import { syntheticImage } from "../support/synthetic-image.js";

const WIDTH = 48;
const HEIGHT = 36;

/** A gray image of the value of each pixel. */
function drawn(value: (x: number, y: number) => number): RgbImage {
  return rgbImage(
    WIDTH,
    HEIGHT,
    Float32Array.from({ length: 3 * WIDTH * HEIGHT }, (_, i) =>
      value(i % WIDTH, Math.floor(i / WIDTH) % HEIGHT),
    ),
  );
}

describe("the origin of a texture", () => {
  it.each([
    ["a photo", syntheticImage(4, WIDTH, HEIGHT)],
    ["one dot on white", drawn((x, y) => (x === 7 && y === 30 ? 0 : 1))],
    ["two dots", drawn((x, y) => ((x === 7 && y === 30) || (x === 20 && y === 3) ? 0 : 1))],
    ["diagonal stripes", drawn((x, y) => ((x + y) % 12) / 12)],
    ["steep stripes", drawn((x, y) => ((x + 2 * y) % 24) / 24)],
    ["checks", drawn((x, y) => (Math.floor(x / 3) + Math.floor(y / 3)) % 2)],
    ["bricks", drawn((x, y) => Number((x + 6 * Math.floor(y / 6)) % 12 > 1 && y % 6 > 0))],
    ["one color", drawn(() => 0.5)],
  ])("rolls with it: %s", (_name, image) => {
    const first = rollImage(image, textureOrigin(image));
    for (const [row, column] of [
      [0, 1],
      [1, 0],
      [13, 29],
      [-5, -47],
    ]) {
      const rolled = rollImage(image, { row, column });
      expect(rollImage(rolled, textureOrigin(rolled))).toEqual(first);
    }
  });
});
