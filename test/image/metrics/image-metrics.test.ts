import { describe, expect, it } from "vitest";
import { ImageError } from "../../../src/image/errors.js";
import { luma, psnrY, ssimY } from "../../../src/image/metrics/image-metrics.js";
import { rgbImage } from "../../../src/image/rgb-image.js";
import fixture from "../../fixtures/image-maths.json";
import { maxDifference } from "../../support/difference.js";
import { syntheticImage } from "../../support/synthetic-image.js";
import { loadTrace, loadTraceMeta, traceData } from "../../support/traces.js";

describe("image metrics", () => {
  const sr = syntheticImage(1, 97, 82);
  const hr = syntheticImage(2, 97, 82);

  it.each(fixture.imageMetrics)("equal SciPy's without $shave pixels", ({ shave, psnr, ssim }) => {
    expect(psnrY(sr, hr, shave)).toBeCloseTo(psnr, 10);
    expect(ssimY(sr, hr, shave)).toBeCloseTo(ssim, 12);
  });

  it("are perfect for equal images", () => {
    expect(psnrY(sr, sr, 0)).toBe(Infinity);
    expect(ssimY(sr, sr, 0)).toBeCloseTo(1, 12);
  });

  it("refuse images that cannot be compared", () => {
    expect(() => psnrY(sr, syntheticImage(2, 96, 82), 2)).toThrow(ImageError);
    expect(() => psnrY(sr, hr, 41)).toThrow(ImageError);
    expect(() => ssimY(sr, hr, 36)).toThrow(ImageError);
  });

  it("clamp and round to 8 bits", () => {
    const { data } = luma(rgbImage(2, 1, Float32Array.of(-1, 2, 0.001, 2, 0, 2)));
    expect(data[0]).toBe(16);
    expect(data[1]).toBeCloseTo(235, 12);
  });
});

const trace = loadTrace("degradation");

describe.skipIf(!trace)("the authors' metrics", () => {
  const meta = loadTraceMeta<{
    metric_image_shave2: { psnr: number; ssim: number };
    metric_image_shave4: { psnr: number; ssim: number };
  }>("degradation");
  const data = (name: string) => traceData(trace ?? new Map(), name);

  it("agree on the images", () => {
    const sr = rgbImage(256, 256, data("metric/sr") as Float32Array);
    const hr = rgbImage(256, 256, data("metric/hr") as Float32Array);
    expect(maxDifference(luma(sr).data, data("metric/y_sr"))).toBeLessThan(1e-10);
    for (const shave of [2, 4]) {
      const expected = shave === 2 ? meta?.metric_image_shave2 : meta?.metric_image_shave4;
      expect(Math.abs(psnrY(sr, hr, shave) - (expected?.psnr ?? 0))).toBeLessThan(1e-9);
      expect(Math.abs(ssimY(sr, hr, shave) - (expected?.ssim ?? 0))).toBeLessThan(1e-9);
    }
  });
});
