import { describe, expect, it } from "vitest";
import { holdMeans } from "../../../src/image/light/hold-means.js";
import { type RgbImage, rgbImage } from "../../../src/image/rgb-image.js";

const SIDE = 96;
const OPTIONS = { range: [0, 1], block: 2, sigma: 4, noise: 0 } as const;

const image = (value: (x: number, y: number) => number): RgbImage =>
  rgbImage(
    SIDE,
    SIDE,
    Float32Array.from({ length: 3 * SIDE ** 2 }, (_, i) => value(i % SIDE, Math.floor(i / SIDE) % SIDE)),
  );

/** The largest difference of means over 32×32 pixels, in 255ths. */
function worstMean(a: RgbImage, b: RgbImage): number {
  let worst = 0;
  for (let top = 0; top < SIDE; top += 32) {
    for (let left = 0; left < SIDE; left += 32) {
      let sum = 0;
      for (let i = 0; i < 1024; i++) {
        const pixel = (top + Math.floor(i / 32)) * SIDE + left + (i % 32);
        sum += a.data[pixel] - b.data[pixel];
      }
      worst = Math.max(worst, (255 * Math.abs(sum)) / 1024);
    }
  }
  return worst;
}

/** Bright for five pixels of eight. */
const stripes = image((x, y) => ((x + y) % 8 < 5 ? 1 : 0));

describe("holdMeans", () => {
  it("gives a picture that was darkened the means that it should have, within its range", async () => {
    const darkened = image((x, y) => ((x + y) % 8 < 4 ? 1 : -0.1));
    const held = await holdMeans(darkened, stripes, OPTIONS);
    expect(worstMean(darkened, stripes)).toBeGreaterThan(20);
    expect(worstMean(held, stripes)).toBeLessThan(0.5);
    expect(Math.min(...held.data)).toBeGreaterThanOrEqual(0);
    expect(Math.max(...held.data)).toBeLessThanOrEqual(1);
  });

  it("makes good for what clipping takes away on one side only", async () => {
    const sharpened = image((x, y) => ((x + y) % 8 < 5 ? 1.4 : -0.2));
    const target = image((x, y) => ((x + y) % 8 < 5 ? 0.9 : 0.1));
    expect(worstMean(await holdMeans(sharpened, target, OPTIONS), target)).toBeLessThan(0.5);
  });

  it("pauses between rounds, and does no more if that fails", async () => {
    const darkened = image((x, y) => ((x + y) % 8 < 4 ? 1 : -0.1));
    let pauses = 0;
    const pause = async (): Promise<void> => {
      pauses++;
    };
    await holdMeans(darkened, stripes, { ...OPTIONS, pause });
    expect(pauses).toBeGreaterThan(3);
    const stop = (): Promise<void> => Promise.reject(new Error("enough"));
    await expect(holdMeans(darkened, stripes, { ...OPTIONS, pause: stop })).rejects.toThrow("enough");
  });

  it("leaves a picture whose means are right", async () => {
    const fine = image((x, y) => 0.5 + 0.4 * Math.sin(x / 9) * Math.cos(y / 7));
    expect(await holdMeans(fine, fine, OPTIONS)).toEqual(fine);
  });

  it("corrects narrow means only where noise cannot be the reason", async () => {
    const gray = image(() => 0.5);
    const dot = image((x, y) => 0.5 + (Math.hypot(x - 48, y - 48) < 6 ? 0.1 : 0) + (x < 24 ? 0.01 : 0));
    const held = await holdMeans(gray, dot, { ...OPTIONS, sigma: 1.2, noise: 0.02 });
    expect(held.data[48 * SIDE + 48]).toBeGreaterThan(0.58);
    expect(held.data[48 * SIDE + 10]).toBe(0.5);
  });
});
