import { readFile, writeFile } from "node:fs/promises";
import { PNG } from "pngjs";
import type { Browser } from "puppeteer-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { cropImage } from "../../src/image/crop-image.js";
import { benchmarkItem } from "../../src/kernel/degradation/benchmark.js";
import { compressRepeatedly } from "../../src/node/image-io/compress-jpeg.js";
import { readImage } from "../../src/node/image-io/read-image.js";
import { encodeImage } from "../../src/node/image-io/write-image.js";
import { PHOTO, useCli } from "../support/cli.js";
import { maxDifference } from "../support/difference.js";
import { launchChrome } from "../support/launch-chrome.js";
import type { Site } from "./serve.js";
import { servePage } from "./site.js";
import { Visitor } from "./visitor.js";

const WIDTH = 96;
const HEIGHT = 64;

const cli = useCli();
let site: Site;
let browser: Browser;
let visitor: Visitor;

beforeAll(async () => {
  site = await servePage();
  browser = await launchChrome();
  visitor = await Visitor.arrive(browser, site.address);
}, 120_000);

afterAll(async () => {
  await browser?.close();
  await site?.close();
});

describe("the page's picture is that of the command line", () => {
  it.each([
    ["by default", {}, []],
    ["at ×4", { scale: "4" }, ["--scale", "4"]],
    [
      "of an adaptation",
      { scale: "2", method: "meta", steps: "10", seed: "3" },
      ["--method", "meta", "--steps", "10", "--seed", "3"],
    ],
  ])("%s, for a photo as a camera makes it", async (_, fields, options) => {
    await expectSame(await cameraPhoto(), fields, options);
  });

  it("with transparency", async () => {
    await expectSame(await transparentPhoto(), { scale: "2", method: "spectral" }, []);
  });
});

/** Runs both with the same photo; their pictures must differ by 1/255 at most. */
async function expectSame(
  photo: Uint8Array,
  fields: Readonly<Record<string, string>>,
  options: readonly string[],
): Promise<void> {
  await writeFile(cli.file("photo.png"), photo);
  const out = cli.file("sharp.png");
  const files = [cli.file("photo.png"), "--out", out, "--adapter", "swiftshader"];
  const { code, stderr } = await cli.spawn(["upscale", ...files, ...options]);
  expect(code, stderr).toBe(0);
  const expected = PNG.sync.read(await readFile(out));
  await visitor.give({ name: "photo.png", type: "image/png", bytes: photo });
  await visitor.reads("#status", "photo.png is open");
  await visitor.run(fields);
  const actual = PNG.sync.read(Buffer.from((await visitor.download("Picture .png")).bytes));
  expect([actual.width, actual.height]).toEqual([expected.width, expected.height]);
  expect(maxDifference(actual.data, expected.data)).toBeLessThanOrEqual(1);
}

/** A part of a photo, blurred, seen by a sensor and stored as JPEG; the file is a PNG, which every decoder reads alike. */
async function cameraPhoto(): Promise<Uint8Array> {
  const { rgb } = await readImage(PHOTO);
  const scene = cropImage(rgb, { left: 200, top: 300, width: 2 * WIDTH, height: 2 * HEIGHT });
  const { image, qualities } = benchmarkItem(scene, 0, { scale: 2, setting: "camera", seed: 1 });
  return encodeImage({ rgb: await compressRepeatedly(image, qualities) }, "png");
}

/** The same photo, with colors everywhere and an alpha that has every value from 0 to 255. */
async function transparentPhoto(): Promise<Uint8Array> {
  const png = PNG.sync.read(Buffer.from(await cameraPhoto()));
  for (let i = 0; i < WIDTH * HEIGHT; i++) {
    png.data[4 * i + 3] = Math.min(4 * Math.max((i % WIDTH) - 16, 0), 255);
  }
  return PNG.sync.write(png);
}
