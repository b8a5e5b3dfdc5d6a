import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import sharp from "sharp";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ImageError } from "../../../../src/image/errors.js";
import type { ImageFormat } from "../../../../src/node/image-io/image-format.js";
import { nclxChunk } from "../../../../src/node/image-io/metadata/avif-colors.js";
import { enlargedMetadata } from "../../../../src/node/image-io/metadata/enlarged-metadata.js";
import { pngChunk, pngChunks } from "../../../../src/node/image-io/metadata/png-chunks.js";
import { readImage } from "../../../../src/node/image-io/read-image.js";
import { encodeImage, lossesOf } from "../../../../src/node/image-io/write-image.js";
import { syntheticImage } from "../../../support/synthetic-image.js";

const [WIDTH, HEIGHT] = [24, 16];
const { data } = syntheticImage(1, WIDTH, HEIGHT);
const raw = Buffer.from(
  Uint8Array.from(
    { length: 3 * WIDTH * HEIGHT },
    (_, i) => 255 * Math.min(Math.max(data[(i % 3) * WIDTH * HEIGHT + Math.floor(i / 3)], 0), 1),
  ),
);
const picture = () => sharp(raw, { raw: { width: WIDTH, height: HEIGHT, channels: 3 } });

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "metakernelgan-test-"));
});
afterAll(() => rm(folder, { recursive: true }));

async function read(name: string, bytes: Uint8Array) {
  const path = join(folder, name);
  await writeFile(path, bytes);
  return readImage(path);
}

/** A PNG file with more chunks after its header. */
async function pngWith(...chunks: readonly Uint8Array[]): Promise<Buffer> {
  const png = await picture().png().toBuffer();
  return Buffer.concat([png.subarray(0, 33), ...chunks, png.subarray(33)]);
}

/** The file of a result of twice the sides, in a format. */
async function enlarged(image: Awaited<ReturnType<typeof readImage>>, format: ImageFormat) {
  const rgb = syntheticImage(2, 2 * image.width, 2 * image.height);
  const metadata = enlargedMetadata(image.metadata, rgb.width, rgb.height, 2);
  return Buffer.from(await encodeImage({ rgb, metadata }, format));
}

describe("density", () => {
  it.each([
    ["png", "png"],
    ["jpeg", "png"],
    ["tiff", "png"],
    ["png", "jpeg"],
    ["jpeg", "jpeg"],
    ["png", "tiff"],
    ["tiff", "tiff"],
  ] as const)("keeps the size on paper: %s to %s", async (from, to) => {
    const image = await read(
      `scan.${from}`,
      await picture().withMetadata({ density: 300 }).toFormat(from).toBuffer(),
    );
    expect(image.metadata.density).toBeCloseTo(300, 0);
    const file = await enlarged(image, to);
    const { density, exif, width } = await sharp(file).metadata();
    expect(width).toBe(2 * WIDTH);
    expect(Math.abs((density as number) - 600)).toBeLessThan(1);
    if (to === "tiff" || !exif) return;
    expect((await read(`again.${to}`, file)).metadata.density).toBeCloseTo(600, 0);
  });

  it("is not made up", async () => {
    for (const format of ["png", "jpeg"] as const) {
      const image = await read(`none.${format}`, await picture().toFormat(format).toBuffer());
      expect(image.metadata.density).toBeUndefined();
      const again = await read("made.tiff", await enlarged(image, "tiff"));
      expect(again.metadata.density).toBeUndefined();
    }
  });
});

describe("the meaning of numbers", () => {
  const gamma = pngChunk("gAMA", "", Buffer.from([0, 1, 134, 160]));
  const pq = pngChunk("cICP", "", Uint8Array.of(9, 16, 0, 1));

  it.each([
    ["gAMA", gamma],
    ["cICP", pq],
  ] as const)("goes along in PNG, and is named elsewhere: %s", async (type, chunk) => {
    const image = await read("meaning.png", await pngWith(chunk));
    const found = pngChunks(await enlarged(image, "png")).find((each) => each.type === type);
    expect(Buffer.from(found?.whole ?? [])).toEqual(Buffer.from(chunk));
    expect(lossesOf(image, "png")).toEqual([]);
    expect(lossesOf(image, "jpeg")).toEqual([expect.stringContaining(`the meaning of its colors (${type})`)]);
  });

  it("of an AVIF file becomes a chunk", async () => {
    const box = (primaries: number, transfer: number) =>
      Buffer.concat([
        Buffer.from("....ftypavif", "latin1"),
        Buffer.from([0, 0, 0, 19]),
        Buffer.from("colrnclx", "latin1"),
        Buffer.from([0, primaries, 0, transfer, 0, 6, 128]),
      ]);
    expect(Array.from(nclxChunk(box(9, 16))?.contents ?? [])).toEqual([9, 16, 0, 1]);
    expect(nclxChunk(box(1, 13))).toBeUndefined();
    expect(nclxChunk(await picture().avif().toBuffer())).toBeUndefined();
  });
});

describe("XMP and EXIF", () => {
  const packet = (attributes: string, inner = "") =>
    `<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description xmlns:tiff="http://ns.adobe.com/tiff/1.0/" xmlns:exif="http://ns.adobe.com/exif/1.0/" xmlns:xmp="http://ns.adobe.com/xap/1.0/" ${attributes}>${inner}</rdf:Description></rdf:RDF></x:xmpmeta>`;

  it("agree with the turned and enlarged picture", async () => {
    const xmp = packet(
      'tiff:Orientation="6" tiff:ImageWidth="24" exif:PixelXDimension="24" exif:PixelYDimension="16"',
      "<tiff:ImageLength>16</tiff:ImageLength><xmp:Thumbnails><rdf:Alt>QUJD</rdf:Alt></xmp:Thumbnails>",
    );
    const file = await picture()
      .withExif({ IFD0: { Artist: "Somebody" }, IFD2: { PixelXDimension: "24", PixelYDimension: "16" } })
      .withMetadata({ orientation: 6, density: 300 })
      .withXmp(xmp)
      .jpeg()
      .toBuffer();
    const image = await read("turned.jpg", file);
    const { exif, xmp: kept, orientation } = await sharp(await enlarged(image, "jpeg")).metadata();
    expect(orientation ?? 1).toBe(1);
    const text = kept?.toString() ?? "";
    expect(text).toContain('tiff:Orientation="1" tiff:ImageWidth="32"');
    expect(text).toContain('exif:PixelXDimension="32" exif:PixelYDimension="48"');
    expect(text).toContain("<tiff:ImageLength>48</tiff:ImageLength>");
    expect(text).not.toContain("Thumbnails");
    expect(exif?.toString("latin1")).toContain("Somebody");
  });

  it("about a video or a map that is not kept are left out, with a note", async () => {
    const xmp = packet('xmlns:GCamera="http://ns.google.com/photos/1.0/camera/" GCamera:MotionPhoto="1"');
    const image = await read("motion.jpg", await picture().withXmp(xmp).jpeg().toBuffer());
    expect(image.metadata.xmp).toBeUndefined();
    expect(image.notes).toEqual([expect.stringContaining("XMP about a video or map")]);
  });

  it("have no thumbnail of the picture as it lay", async () => {
    // Two directories: the second is the thumbnail's.
    const tiff = Buffer.alloc(8 + 2 + 12 + 4 + 2 + 12 + 4);
    tiff.write("II*\0", 0, "latin1");
    tiff.writeUInt32LE(8, 4);
    for (const [at, tag, next] of [
      [8, 0x0112, 26],
      [26, 0x0201, 0],
    ]) {
      tiff.writeUInt16LE(1, at);
      tiff.writeUInt16LE(tag, at + 2);
      tiff.writeUInt16LE(3, at + 4);
      tiff.writeUInt32LE(1, at + 6);
      tiff.writeUInt16LE(6, at + 10);
      tiff.writeUInt32LE(next, at + 14);
    }
    const image = await read("thumbnail.png", await pngWith(pngChunk("eXIf", "", tiff)));
    const exif = Buffer.from(image.metadata.exif ?? []).subarray(6);
    expect(exif.readUInt16LE(18)).toBe(1);
    expect(exif.readUInt32LE(22)).toBe(0);
  });
});

describe("what a file holds besides", () => {
  /** A little-endian TIFF file of some bands, uncompressed. */
  function tiff(bands: number, tags: readonly (readonly [tag: number, value: number])[]): Buffer {
    const pixels = Buffer.alloc(bands * 64, 100);
    const entries = [
      ...[
        [256, 8],
        [257, 8],
        [258, 8],
        [259, 1],
        [262, 2],
        [273, 8],
        [277, bands],
        [278, 8],
        [279, pixels.length],
      ],
      ...tags,
    ].sort((a, b) => a[0] - b[0]);
    const directory = Buffer.alloc(2 + 12 * entries.length + 4);
    directory.writeUInt16LE(entries.length, 0);
    entries.forEach(([tag, value], i) => {
      const at = 2 + 12 * i;
      directory.writeUInt16LE(tag, at);
      directory.writeUInt16LE(tag === 33550 ? 12 : 3, at + 2);
      directory.writeUInt32LE(1, at + 4);
      directory.writeUInt32LE(value, at + 8);
    });
    const head = Buffer.alloc(8);
    head.write("II*\0", 0, "latin1");
    head.writeUInt32LE(8 + pixels.length, 4);
    return Buffer.concat([head, pixels, directory, Buffer.alloc(16)]);
  }

  it.each([
    ["a fourth band that is not transparency", tiff(4, [[338, 0]]), "4 bands"],
    ["a fifth band", tiff(5, [[338, 2]]), "5 bands"],
  ])("is refused if it would be lost: %s", async (_what, bytes, message) => {
    await expect(read("bands.tif", bytes)).rejects.toThrow(ImageError);
    await expect(read("bands.tif", bytes)).rejects.toThrow(message);
  });

  it("is transparency where it says so", async () => {
    expect((await read("alpha.tif", tiff(4, [[338, 2]]))).alpha).toBeDefined();
  });

  it("is named: a georeference, and frames of an APNG", async () => {
    expect((await read("geo.tif", tiff(3, [[33550, 8]]))).notes).toEqual([
      expect.stringContaining("GeoTIFF"),
    ]);
    const frames = pngChunk("acTL", "", Uint8Array.of(0, 0, 0, 5, 0, 0, 0, 0));
    const image = await read("frames.png", await pngWith(frames));
    expect(image.notes).toEqual([expect.stringContaining("holds 5 frames; the first is used")]);
    expect(await readFile(join(folder, "frames.png"))).toHaveLength((await pngWith(frames)).length);
  });
});
