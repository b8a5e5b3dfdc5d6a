import { describe, expect, it } from "vitest";
import { type RgbImage, rgbImage } from "../../../src/image/rgb-image.js";
import { usableWindows } from "../../../src/model/spectral/usable-windows.js";
import { windowCorners } from "../../../src/model/spectral/windows.js";
import { syntheticImage } from "../../support/synthetic-image.js";

const PHOTO = syntheticImage(1, 120, 100);

/** A photo at a place on a larger image of one color. */
function placed(width: number, height: number, left: number, top: number, color: number): RgbImage {
  const data = new Float32Array(3 * width * height).fill(color);
  for (let line = 0; line < 3 * PHOTO.height; line++) {
    const [plane, y] = [Math.floor(line / PHOTO.height), line % PHOTO.height];
    const row = PHOTO.data.subarray(line * PHOTO.width, (line + 1) * PHOTO.width);
    data.set(row, (plane * height + top + y) * width + left);
  }
  return rgbImage(width, height, data);
}

/** Whether all windows lie within the photo, but for a few pixels. */
const within = (corners: readonly (readonly [number, number])[], left: number, top: number, slack = 0) =>
  corners.every(
    ([y, x]) =>
      y >= top - slack &&
      x >= left - slack &&
      y + 32 <= top + PHOTO.height + slack &&
      x + 32 <= left + PHOTO.width + slack,
  );

describe("usableWindows", () => {
  it("are all of a photo", () => {
    expect(usableWindows(PHOTO)).toEqual(windowCorners(PHOTO));
  });

  it.each([
    ["a frame", placed(200, 180, 40, 40, 0), 40, 40],
    ["bars", placed(120, 180, 0, 40, 0.06), 0, 40],
    ["a white frame in a black one", framed(placed(180, 160, 30, 30, 1), 20), 50, 50],
  ] as const)("lie within the photo in %s", (_name, image, left, top) => {
    const corners = usableWindows(image);
    expect(corners.length).toBeGreaterThan(6);
    expect(within(corners, left, top)).toBe(true);
  });

  it("lie within a photo on a white page with text", () => {
    const page = placed(300, 260, 100, 90, 1);
    // Letters in every row and column, so that there are no bars.
    for (let i = 0; i < 260; i += 5) for (const x of [i % 300, 299]) page.data[i * 300 + x] = 0;
    for (let x = 0; x < 300; x += 7) page.data[x] = 0;
    const corners = usableWindows(page);
    expect(corners.length).toBeGreaterThan(3);
    expect(within(corners, 100, 90, 2)).toBe(true);
  });

  it("have no transparent pixels, unless all have", () => {
    const alpha = Float32Array.from({ length: 120 * 100 }, (_, i) => (i % 120 < 60 ? 1 : 0));
    const corners = usableWindows(PHOTO, alpha);
    expect(corners.length).toBeGreaterThan(3);
    expect(corners.every(([, x]) => x + 32 <= 62)).toBe(true);
    expect(usableWindows(PHOTO, new Float32Array(120 * 100))).toEqual(windowCorners(PHOTO));
  });
});

function framed(image: RgbImage, border: number): RgbImage {
  const { width, height, data } = image;
  const [w, h] = [width + 2 * border, height + 2 * border];
  const out = new Float32Array(3 * w * h);
  for (let line = 0; line < 3 * height; line++) {
    const [plane, y] = [Math.floor(line / height), line % height];
    out.set(data.subarray(line * width, (line + 1) * width), (plane * h + border + y) * w + border);
  }
  return rgbImage(w, h, out);
}
