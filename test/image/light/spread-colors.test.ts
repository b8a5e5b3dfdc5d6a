import { describe, expect, it } from "vitest";
import { spreadColors } from "../../../src/image/light/spread-colors.js";
import { rgbImage } from "../../../src/image/rgb-image.js";

const [WIDTH, HEIGHT] = [37, 22];
/** A disc, half transparent at its rim. */
const alpha = Float32Array.from({ length: WIDTH * HEIGHT }, (_, i) => {
  const distance = Math.hypot((i % WIDTH) - 12, Math.floor(i / WIDTH) - 10);
  return distance < 6 ? 1 : distance < 7 ? 0.5 : 0;
});
const withHidden = (hidden: number) =>
  rgbImage(
    WIDTH,
    HEIGHT,
    Float32Array.from({ length: 3 * WIDTH * HEIGHT }, (_, i) =>
      alpha[i % (WIDTH * HEIGHT)] > 0 ? 0.6 + 0.01 * (i % WIDTH) : hidden,
    ),
  );

describe("spreadColors", () => {
  it("gives the same whatever the hidden colors, and keeps the visible ones", () => {
    const [black, pink] = [0, 0.9].map((hidden) => spreadColors(withHidden(hidden), alpha));
    expect(pink).toEqual(black);
    const before = withHidden(0).data;
    black.data.forEach((value, i) => {
      if (alpha[i % (WIDTH * HEIGHT)] > 0) expect(value).toBe(before[i]);
      else expect(value).toBeGreaterThan(0.59);
      expect(value).toBeLessThan(0.81);
    });
  });

  it("is near the visible colors beside them", () => {
    const { data } = spreadColors(withHidden(0), alpha);
    for (const x of [4, 20]) expect(Math.abs(data[10 * WIDTH + x] - (0.6 + 0.01 * x))).toBeLessThan(0.04);
  });

  it("makes nothing black", () => {
    const { data } = spreadColors(withHidden(0.5), new Float32Array(WIDTH * HEIGHT));
    expect(data.every((value) => value === 0)).toBe(true);
  });

  it("takes less than twice as long as a plain pass over the values, so that a page's thread is soon free", () => {
    const [width, height] = [2000, 1500];
    const plane = width * height;
    const checked = Float32Array.from({ length: plane }, (_, i) => ((i >> 5) % 3 ? 1 : 0));
    const image = rgbImage(width, height, new Float32Array(3 * plane).fill(0.5));
    // The processor's time, whatever else runs, of both by turns; the least of three, as other threads of the process count too.
    const timeOf = (work: () => unknown): number => {
      const before = process.cpuUsage();
      work();
      const { user, system } = process.cpuUsage(before);
      return user + system;
    };
    const times = [1, 2, 3].map(() => [
      timeOf(() => spreadColors(image, checked)),
      timeOf(() => image.data.map((value, i) => value * checked[i % plane])),
    ]);
    const [spreading, plain] = [0, 1].map((work) => Math.min(...times.map((pair) => pair[work])));
    expect(spreading).toBeLessThan(2 * plain);
  });
});
