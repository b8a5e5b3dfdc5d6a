import { describe, expect, it } from "vitest";
import { RandomStream } from "../../../src/engine/random.js";
import { type RgbImage, rgbImage } from "../../../src/image/rgb-image.js";
import { SpectrumAnalyzer } from "../../../src/model/spectral/spectrum-analyzer.js";
import { SYMMETRIES } from "../../../src/model/spectral/symmetries.js";
import { windowCorners } from "../../../src/model/spectral/windows.js";
import { realFft2d } from "../../oracle/fft.js";
import { ndArray } from "../../oracle/nd-array.js";
import { useEngine } from "../../support/engine.js";

const gpu = useEngine();
const SIDE = 32;

function randomImage(width: number, height: number, seed: number): RgbImage {
  const random = new RandomStream(seed, 50);
  const data = Float32Array.from({ length: 3 * width * height }, (_, i) => {
    const [x, y] = [i % width, Math.floor(i / width) % height];
    return 0.5 + 0.3 * Math.sin(0.4 * x + 0.9 * y) + 0.05 * random.normal();
  });
  return rgbImage(width, height, data);
}

/** The three log means, in float64 and step by step: weighted mean off, window on, transform, power, means. */
function logMeans({ width, height, data }: RgbImage): number[] {
  const hann = Array.from({ length: SIDE }, (_, i) => Math.sin((Math.PI * i) / SIDE) ** 2);
  const weight = (i: number): number => (hann[Math.floor(i / SIDE)] as number) * (hann[i % SIDE] as number);
  const places = Array.from({ length: SIDE ** 2 }, (_, i) => i);
  const energy = places.reduce((sum, i) => sum + weight(i) ** 2, 0);
  const whole = places.reduce((sum, i) => sum + weight(i), 0);
  const corners = windowCorners({ width, height });
  const powers = corners.map(([top, left]) => {
    const gray = places.map((i) => {
      const pixel = (top + Math.floor(i / SIDE)) * width + left + (i % SIDE);
      const [r = 0, g = 0, b = 0] = [0, 1, 2].map((plane) => data[plane * width * height + pixel]);
      return 0.299 * r + 0.587 * g + 0.114 * b;
    });
    const mean = gray.reduce((sum, value, i) => sum + weight(i) * value, 0) / whole;
    const window = gray.map((value, i) => weight(i) * (value - mean));
    const spectrum = realFft2d(ndArray([1, SIDE, SIDE], window)).data;
    return Array.from(
      { length: spectrum.length / 2 },
      (_, i) =>
        ((spectrum[2 * i] as number) ** 2 + (spectrum[2 * i + 1] as number) ** 2) / energy + (0.1 / 255) ** 2,
    );
  });
  const over = (f: (power: number) => number): number[] =>
    (powers[0] as number[]).map(
      (_, i) => powers.reduce((sum, power) => sum + f(power[i] as number), 0) / powers.length,
    );
  return [
    ...over((power) => power ** -0.5).map((mean) => -2 * Math.log(mean)),
    ...over(Math.log),
    ...over((power) => power).map(Math.log),
  ];
}

describe("SpectrumAnalyzer", () => {
  it.each([
    [32, 32],
    [45, 61],
    [230, 190],
  ])("equals its oracle: %d×%d", async (width, height) => {
    const image = randomImage(width, height, width);
    const analyzer = await SpectrumAnalyzer.create(gpu.engine);
    const { windows, logMeans: found } = await analyzer.analyze(image);
    analyzer.dispose();
    expect(windows).toBe(windowCorners(image).length);
    const worst = Math.max(...logMeans(image).map((value, i) => Math.abs(value - (found[i] as number))));
    // Where the power is near the floor, 1e-7 of that of the window's brightness, float32 has three digits left.
    expect(worst).toBeLessThan(2e-3);
  });

  it("measures two images at once as one after the other", async () => {
    const images = [randomImage(300, 200, 1), randomImage(40, 50, 2)];
    const analyzer = await SpectrumAnalyzer.create(gpu.engine);
    const together = await Promise.all(images.map((image) => analyzer.analyze(image)));
    for (const [i, image] of images.entries()) expect(await analyzer.analyze(image)).toEqual(together[i]);
    analyzer.dispose();
  });

  it("says of a turned image what the symmetry says", async () => {
    const image = randomImage(64, 48, 3);
    const { width, height, data } = image;
    const turned = (place: (x: number, y: number) => [number, number], w: number, h: number): RgbImage =>
      rgbImage(
        w,
        h,
        Float32Array.from({ length: data.length }, (_, i) => {
          const [plane, pixel] = [Math.floor(i / (w * h)), i % (w * h)];
          const [x, y] = place(pixel % w, Math.floor(pixel / w));
          return data[plane * width * height + y * width + x] as number;
        }),
      );
    const images = [
      image,
      turned((x, y) => [x, height - 1 - y], width, height),
      turned((x, y) => [y, x], height, width),
      turned((x, y) => [y, height - 1 - x], height, width),
    ];
    const analyzer = await SpectrumAnalyzer.create(gpu.engine);
    const own = (await analyzer.analyze(image)).logMeans;
    for (const [i, turnedImage] of images.entries()) {
      const found = (await analyzer.analyze(turnedImage)).logMeans;
      const differences = SYMMETRIES.map((symmetry) => {
        const places = symmetry.places(SIDE);
        return found.reduce((sum, value, j) => {
          const expected = own[Math.floor(j / 544) * 544 + (places[j % 544] as number)] as number;
          return sum + Math.abs(value - expected) / found.length;
        }, 0);
      });
      // Not zero: Hann's function begins with 0 and does not end with it, so a mirrored window is off by a pixel.
      differences.forEach((difference, j) => {
        if (i !== j) expect(difference).toBeGreaterThan(3 * (differences[i] as number));
      });
    }
    analyzer.dispose();
  });
});
