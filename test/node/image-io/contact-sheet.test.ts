import { PNG } from "pngjs";
import { expect, test } from "vitest";
import { cropImage } from "../../../src/image/crop-image.js";
import type { RgbImage } from "../../../src/image/rgb-image.js";
import { blurKernel } from "../../../src/kernel/blur-kernel.js";
import { ContactSheet } from "../../../src/node/image-io/contact-sheet.js";
import { encodeImage } from "../../../src/node/image-io/write-image.js";
import { syntheticImage } from "../../support/synthetic-image.js";

/** One value in the middle is the largest; the first is negative. */
const KERNEL = blurKernel([-0.1, 0.1, 0.1, 0.1, 0.5, 0.1, 0.1, 0.1, 0], 2);

const entry = (label: string, before: RgbImage, after: RgbImage) => ({
  label,
  before,
  after,
  kernel: KERNEL,
  notes: ["a note"],
});

/** Columns and rows at which a picture lies in another, pixel for pixel. */
async function placesOf(part: RgbImage, whole: PNG): Promise<string[]> {
  const small = PNG.sync.read(Buffer.from(await encodeImage({ rgb: part }, "png")));
  const places: string[] = [];
  const first = small.data.readUInt32BE(0);
  for (let y = 0; y + small.height <= whole.height; y++) {
    for (let x = 0; x + small.width <= whole.width; x++) {
      if (whole.data.readUInt32BE(4 * (y * whole.width + x)) !== first) continue;
      const rows = Array.from({ length: small.height }, (_, row) => row);
      const isHere = rows.every((row) => {
        const at = 4 * ((y + row) * whole.width + x);
        const own = small.data.subarray(4 * row * small.width, 4 * (row + 1) * small.width);
        return own.equals(whole.data.subarray(at, at + own.length));
      });
      if (isHere) places.push(`${x},${y}`);
    }
  }
  return places;
}

test("a sheet shows the middles at full size, before beside after, and the kernel", async () => {
  const sheet = new ContactSheet("Title");
  const [before, after] = [syntheticImage(1, 500, 60), syntheticImage(2, 500, 60)];
  const small = [syntheticImage(3, 30, 40), syntheticImage(4, 30, 40)] as const;
  await sheet.add(entry("long", before, after));
  await sheet.add(entry("<small> & odd\u0007", ...small));
  const whole = PNG.sync.read(Buffer.from(await sheet.encode()));
  const shown = { left: 50, top: 0, width: 400, height: 60 };
  expect(await placesOf(cropImage(before, shown), whole)).toEqual(["12,70"]);
  expect(await placesOf(cropImage(after, shown), whole)).toEqual(["424,70"]);
  const below = 44 + 26 + 400 + 12 + 26;
  expect(await placesOf(small[0], whole)).toEqual([`12,${below}`]);
  expect(await placesOf(small[1], whole)).toEqual([`424,${below}`]);

  // 3×3 values of 60 pixels each: black for what is below 0, pale yellow for the largest.
  const color = (x: number, y: number) => {
    const at = 4 * (y * whole.width + x);
    return [...whole.data.subarray(at, at + 3)];
  };
  expect(color(836 + 30, 70 + 30)).toEqual([0, 0, 4]);
  expect(color(836 + 90, 70 + 90)).toEqual([252, 255, 164]);
  expect(color(836 + 179, 70 + 30)).toEqual([66, 10, 104]);
});

test("names are written over the pictures", async () => {
  const image = syntheticImage(1, 40, 40);
  const sheetOf = async (label: string) => {
    const sheet = new ContactSheet("Title");
    await sheet.add(entry(label, image, image));
    return PNG.sync.read(Buffer.from(await sheet.encode()));
  };
  const [none, some] = [await sheetOf(""), await sheetOf("photo.png".repeat(40))];
  expect([none.width, none.height]).toEqual([some.width, some.height]);
  const changed = Array.from({ length: none.height }, (_, y) => y).filter((y) => {
    const row = (png: PNG) => png.data.subarray(4 * y * png.width, 4 * (y + 1) * png.width);
    return !row(none).equals(row(some));
  });
  expect(changed.length).toBeGreaterThan(5);
  expect(changed.every((y) => y >= 44 && y < 70)).toBe(true);
});
