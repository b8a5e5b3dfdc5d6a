import { readFile, writeFile } from "node:fs/promises";
import { PNG } from "pngjs";
import type { Browser } from "puppeteer-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { cropImage } from "../../src/image/crop-image.js";
import type { RgbImage } from "../../src/image/rgb-image.js";
import { benchmarkItem } from "../../src/kernel/degradation/benchmark.js";
import { degrade } from "../../src/kernel/degradation/degrade.js";
import { diskKernel } from "../../src/kernel/families/motion-and-disk-kernels.js";
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

/** Of a photo that becomes four times as large. */
const SMALL = { width: 56, height: 40 };

/** Side of what is transparent throughout. */
const CORNER = 8;

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
    ["by default", {}, [], {}],
    ["at ×4", { scale: "4" }, ["--scale", "4"], SMALL],
    [
      "of an adaptation",
      { scale: "2", method: "meta", steps: "10", seed: "3" },
      ["--method", "meta", "--steps", "10", "--seed", "3"],
      {},
    ],
  ])("%s, for a photo as a camera makes it", async (_, fields, options, size) => {
    await expectSame(await cameraPhoto(size), fields, options);
  });

  it("with transparency", async () => {
    await expectSame(await transparentPhoto(), { scale: "2", method: "spectral" }, []);
  });
});

it("both say of a photo that it is out of focus", async () => {
  const scene = await partOfPhoto(480, 480);
  await writeFile(cli.file("soft.png"), await encodeImage({ rgb: degrade(scene, diskKernel(3), 2) }, "png"));
  const { stdout } = await cli.spawn(["estimate", cli.file("soft.png"), "--adapter", "swiftshader"]);
  const [, words = "?"] = /probably +(out of focus, radius 3\.\d px)/.exec(stdout) ?? [];
  await visitor.give({ name: "soft.png", type: "image/png", bytes: await readFile(cli.file("soft.png")) });
  await visitor.reads("#status", "soft.png is open");
  await visitor.run({ scale: "2", method: "spectral", model: "fast" });
  expect(await visitor.text("#kernel figcaption")).toContain(`Probably ${words}.`);
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
async function cameraPhoto({ width = WIDTH, height = HEIGHT } = {}): Promise<Uint8Array> {
  const scene = await partOfPhoto(2 * width, 2 * height);
  const { image, qualities } = benchmarkItem(scene, 0, { scale: 2, setting: "camera", seed: 1 });
  return encodeImage({ rgb: await compressRepeatedly(image, qualities) }, "png");
}

/** The same photo, with colors everywhere: a corner shows nothing, and from there it shows ever more. */
async function transparentPhoto(): Promise<Uint8Array> {
  const png = PNG.sync.read(Buffer.from(await cameraPhoto()));
  for (let i = 0; i < WIDTH * HEIGHT; i++) {
    const [row, column] = [Math.floor(i / WIDTH), i % WIDTH];
    png.data[4 * i + 3] = Math.max(row, column) < CORNER ? 0 : Math.min(3 * column + 1, 255);
  }
  return PNG.sync.write(png);
}

async function partOfPhoto(width: number, height: number): Promise<RgbImage> {
  const { rgb } = await readImage(PHOTO);
  return cropImage(rgb, { left: 200, top: 300, width, height });
}
