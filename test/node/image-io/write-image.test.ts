import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PNG } from "pngjs";
import sharp from "sharp";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { ImageError } from "../../../src/image/errors.js";
import { rgbImage } from "../../../src/image/rgb-image.js";
import { checkImageSize, type ImageFormat, imageFormatOf } from "../../../src/node/image-io/image-format.js";
import { readImage } from "../../../src/node/image-io/read-image.js";
import { encodeImage, lossesOf, writeImage } from "../../../src/node/image-io/write-image.js";
import { maxDifference } from "../../support/difference.js";

const WIDTH = 7;
const HEIGHT = 5;
const PIXELS = WIDTH * HEIGHT;
const XMP = '<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF/></x:xmpmeta>';

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "metakernelgan-test-"));
});

afterAll(() => rm(folder, { recursive: true }));

/** Levels of one plane that go through all kinds of values. */
const levels = (plane: number, largest: number): number[] =>
  Array.from({ length: PIXELS }, (_, i) => (i * 7919 + plane * 4241) % (largest + 1));

const planes = (largest: number, indices: readonly number[]) =>
  Float32Array.from(
    indices.flatMap((plane) => levels(plane, largest)),
    (level) => level / largest,
  );

describe.each([8, 16] as const)("a PNG of %i bits", (bitDepth) => {
  const largest = 2 ** bitDepth - 1;

  test.each([
    [false, false],
    [false, true],
    [true, false],
    [true, true],
  ])("has the samples, gray %s, alpha %s", async (gray, hasAlpha) => {
    const rgb = rgbImage(WIDTH, HEIGHT, planes(largest, gray ? [0, 0, 0] : [0, 1, 2]));
    const alpha = hasAlpha ? planes(largest, [3]) : undefined;
    const bytes = await encodeImage({ rgb, alpha, gray, bitDepth }, "png");
    // By a decoder that shares no code with the encoder: always four samples a pixel.
    const png = PNG.sync.read(Buffer.from(bytes), { skipRescale: true });
    expect(png).toMatchObject({ width: WIDTH, height: HEIGHT });
    const colorType = (gray ? 0 : 2) + (hasAlpha ? 4 : 0);
    expect(png).toMatchObject({ depth: bitDepth, colorType });
    const samples: ArrayLike<number> = png.data;
    for (let i = 0; i < PIXELS; i++) {
      const pixel = [0, 1, 2, 3].map((channel) => samples[4 * i + channel]);
      const expected = gray ? [0, 0, 0] : [0, 1, 2];
      const opaque = hasAlpha ? levels(3, largest)[i] : largest;
      expect(pixel).toEqual([...expected.map((plane) => levels(plane, largest)[i]), opaque]);
    }
  });
});

test("values are clipped and rounded to the nearest level", async () => {
  const values = [-0.2, 1.7, 0.4999 / 255, 0.5001 / 255, 254.4 / 255, 254.6 / 255];
  const rgb = rgbImage(6, 1, Float32Array.from([...values, ...values, ...values]));
  const png = PNG.sync.read(Buffer.from(await encodeImage({ rgb }, "png")));
  expect(Array.from({ length: 6 }, (_, i) => png.data[4 * i])).toEqual([0, 255, 0, 1, 254, 255]);
  const deep = await encodeImage({ rgb, bitDepth: 16 }, "png");
  const { data } = PNG.sync.read(Buffer.from(deep), { skipRescale: true }) as unknown as {
    data: Uint16Array;
  };
  expect(data[4 * 4]).toBe(Math.round(257 * 254.4));
});

describe("what an image carries", () => {
  test.each(["png", "jpeg", "webp", "avif", "tiff"] as const)("stays in %s", async (format) => {
    const source = await sharp({ create: { width: 32, height: 24, channels: 3, background: "#406080" } })
      .withMetadata({ orientation: 6 })
      .withExif({ IFD0: { Copyright: "Somebody" } })
      .withIccProfile("p3")
      .withXmp(XMP)
      .jpeg()
      .toBuffer();
    const image = await readImage(await save("source.jpg", source));
    expect([image.width, image.height]).toEqual([24, 32]);
    const path = join(folder, `carried.${format}`);
    await writeImage(path, image);
    const written = await sharp(path).metadata();
    expect(written.icc?.equals((await sharp(source).metadata()).icc as Buffer)).toBe(true);
    expect(written.xmp?.toString()).toContain("adobe:ns:meta");
    expect(lossesOf(image, format)).toEqual(
      format === "tiff" ? ["TIFF, as it is written here, cannot hold what the image has: EXIF."] : [],
    );
    const hasExif = format !== "tiff";
    if (hasExif) expect(written.exif?.toString("latin1")).toContain("Somebody");
    // It is upright by now, and another program must not turn it again.
    expect(written.orientation ?? 1).toBe(1);
    const again = await readImage(path);
    expect([again.width, again.height]).toEqual([24, 32]);
    expect(maxDifference(again.rgb.data, image.rgb.data)).toBeLessThan(0.03);
    const exif = again.metadata.exif && Buffer.from(again.metadata.exif).toString("latin1", 0, 6);
    expect(exif).toBe(hasExif ? "Exif\0\0" : undefined);
  });

  test("leaves 16 bits as they are", async () => {
    const rgb = rgbImage(WIDTH, HEIGHT, planes(65535, [0, 1, 2]));
    const alpha = planes(65535, [3]);
    for (const format of ["png", "tiff"]) {
      const path = join(folder, `deep.${format}`);
      await writeImage(path, { rgb, alpha, bitDepth: 16, metadata: { xmp: new TextEncoder().encode(XMP) } });
      expect(await readImage(path)).toMatchObject({ rgb, alpha, bitDepth: 16, gray: false });
    }
  });

  test("stays with a gray profile and with 16 bits", async () => {
    const icc = grayProfile();
    const rgb = rgbImage(WIDTH, HEIGHT, planes(65535, [1, 1, 1]));
    const path = join(folder, "gray.png");
    await writeImage(path, { rgb, gray: true, bitDepth: 16, metadata: { icc } });
    const image = await readImage(path);
    expect(image).toMatchObject({ gray: true, bitDepth: 16, notes: [] });
    expect(image.rgb).toEqual(rgb);
    expect(image.metadata.icc).toEqual(Uint8Array.from(icc));
    expect(lossesOf(image, "webp")[0]).toMatch(/16 bits a sample, which become 8; a gray color profile\.$/);
  });

  test("that a PNG turned by its EXIF is upright is said there, too", async () => {
    const turned = await sharp({ create: { width: 32, height: 24, channels: 3, background: "red" } })
      .withMetadata({ orientation: 6 })
      .png()
      .toBuffer();
    const image = await readImage(await save("turned.png", turned));
    expect([image.width, image.height]).toEqual([24, 32]);
    const path = join(folder, "upright.png");
    await writeImage(path, image);
    expect((await sharp(path).metadata()).orientation ?? 1).toBe(1);
  });
});

describe("formats", () => {
  test("are named by the ending", () => {
    const formats = ["a.PNG", "a.b.jpg", "a.jpeg", "a.webp", "a.tif", "a.tiff", "a.avif"].map(imageFormatOf);
    expect(formats).toEqual(["png", "jpeg", "jpeg", "webp", "tiff", "tiff", "avif"]);
    expect([imageFormatOf("a.gif"), imageFormatOf("png"), imageFormatOf("folder/")]).toEqual(
      Array(3).fill(undefined),
    );
  });

  test("without transparency show it on white", async () => {
    const rgb = rgbImage(32, 16, new Float32Array(3 * 32 * 16));
    const alpha = Float32Array.from({ length: 32 * 16 }, (_, i) => (i % 32 < 16 ? 0.5 : 1));
    const { data } = await sharp(await encodeImage({ rgb, alpha }, "jpeg"))
      .raw()
      .toBuffer({ resolveWithObject: true });
    expect(Math.abs(data[3 * 4] - 128)).toBeLessThan(3);
    expect(data[3 * 28]).toBeLessThan(3);
  });

  test("keep colors under full transparency", async () => {
    const rgb = rgbImage(WIDTH, HEIGHT, planes(255, [0, 1, 2]));
    const alpha = new Float32Array(PIXELS);
    const { data } = await sharp(await encodeImage({ rgb, alpha }, "tiff"))
      .raw()
      .toBuffer({ resolveWithObject: true });
    expect(data[4 * 3]).toBe(levels(0, 255)[3]);
    expect(data[4 * 3 + 3]).toBe(0);
  });

  test.each<[ImageFormat, number]>([
    ["webp", 16_384],
    ["jpeg", 65_536],
  ])("%s has a longest side", (format, side) => {
    expect(() => checkImageSize(format, side, 1)).toThrow(ImageError);
    expect(() => checkImageSize(format, side, 1)).toThrow(/write PNG instead\.$/);
    expect(() => checkImageSize("png", side, side)).not.toThrow();
  });
});

test("what cannot be stored leaves no file", async () => {
  const rgb = rgbImage(16_400, 1, new Float32Array(3 * 16_400));
  await expect(writeImage(join(folder, "wide.webp"), { rgb })).rejects.toThrow(ImageError);
  await expect(writeImage(join(folder, "image.bmp"), { rgb })).rejects.toThrow(/\.png, \.jpg/);
  expect((await readdir(folder)).filter((name) => /wide|bmp|tmp/.test(name))).toEqual([]);
});

async function save(name: string, bytes: Uint8Array): Promise<string> {
  const path = join(folder, name);
  await writeFile(path, bytes);
  expect(await readFile(path)).toHaveLength(bytes.length);
  return path;
}

/** The smallest gray profile: a header and three tags, white point, copyright and a linear curve. */
function grayProfile(): Buffer {
  const tags = [
    ["wtpt", Buffer.concat([Buffer.from("XYZ \0\0\0\0", "latin1"), words(0xf6d6, 0x10000, 0xd32d)])],
    ["cprt", Buffer.from("text\0\0\0\0None\0\0\0\0", "latin1")],
    ["kTRC", Buffer.concat([Buffer.from("curv\0\0\0\0", "latin1"), words(0)])],
  ] as const;
  const start = 128 + 4 + 12 * tags.length;
  let at = start;
  const table = tags.map(([name, data]) => {
    const entry = Buffer.concat([Buffer.from(name, "latin1"), words(at, data.length)]);
    at += data.length;
    return entry;
  });
  const header = Buffer.alloc(128);
  header.writeUInt32BE(at, 0);
  header.writeUInt32BE(0x02400000, 8);
  header.write("mntrGRAYXYZ ", 12, "latin1");
  header.write("acsp", 36, "latin1");
  words(0xf6d6, 0x10000, 0xd32d).copy(header, 68);
  return Buffer.concat([header, words(tags.length), ...table, ...tags.map(([, data]) => data)]);
}

function words(...values: number[]): Buffer {
  const bytes = Buffer.alloc(4 * values.length);
  values.forEach((value, i) => {
    bytes.writeUInt32BE(value, 4 * i);
  });
  return bytes;
}
