import { describe, expect, it } from "vitest";
import { binaryGain, brightLevel, multiplied } from "../../../src/image/light/levels.js";
import { rgbImage } from "../../../src/image/rgb-image.js";
import { syntheticImage } from "../../support/synthetic-image.js";

describe("levels", () => {
  const image = syntheticImage(1, 80, 60);

  it("scale with the image", () => {
    const level = brightLevel(image);
    expect(level).toBeGreaterThan(0.7);
    for (const factor of [1 / 16, 1 / 50, 3]) {
      expect(brightLevel(multiplied(image, factor))).toBeCloseTo(factor * level, 6);
    }
  });

  it("do not follow a few bright pixels, unless there are no others", () => {
    const spots = rgbImage(80, 60, image.data.slice());
    for (const pixel of [1000, 3000]) spots.data[pixel] = 40;
    expect(brightLevel(spots)).toBeLessThan(1.1);
    const night = rgbImage(80, 60, new Float32Array(3 * 80 * 60));
    expect(brightLevel(night)).toBe(1);
    night.data[77] = 0.25;
    expect(brightLevel(night)).toBe(0.25);
  });

  it("leave out what is far above them: it takes the value before it", () => {
    const spots = rgbImage(2, 1, Float32Array.of(9, 0.1, 0.2, 9, 9, 9));
    expect([...multiplied(spots, 0.5, 1.25).data]).toEqual([
      ...Float32Array.of(1.25, 0.05, 0.1, 0.1, 0.1, 0.1),
    ]);
  });

  it("leave usual photos as they are, to the bit", () => {
    expect(multiplied(image, binaryGain(image)) === image).toBe(true);
    const full = multiplied(image, 0.9 / brightLevel(image));
    expect(binaryGain(full)).toBe(1);
    expect(binaryGain(multiplied(full, 1 / 16))).toBe(16);
  });
});
