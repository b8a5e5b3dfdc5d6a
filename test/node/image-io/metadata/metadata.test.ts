import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { deflateSync } from "node:zlib";
import sharp from "sharp";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ImageError } from "../../../../src/image/errors.js";
import type { ImageFormat } from "../../../../src/node/image-io/image-format.js";
import { nclxChunk } from "../../../../src/node/image-io/metadata/avif-colors.js";
import { readDensity } from "../../../../src/node/image-io/metadata/density.js";
import { enlargedMetadata } from "../../../../src/node/image-io/metadata/enlarged-metadata.js";
import { uprightExif } from "../../../../src/node/image-io/metadata/exif-block.js";
import { pngChunk, pngChunks } from "../../../../src/node/image-io/metadata/png-chunks.js";
import { whyNoXmp, xmpFor } from "../../../../src/node/image-io/metadata/xmp-packet.js";
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
  // The library makes up a density.
  const made = pngChunks(png).find(({ type }) => type === "pHYs")?.whole.length ?? 0;
  return Buffer.concat([png.subarray(0, 33), ...chunks, png.subarray(33 + made)]);
}

/** A little-endian TIFF structure of one directory; an entry of type 5 has a numerator and a denominator. */
function tiffStructure(
  entries: readonly (readonly [tag: number, type: 3 | 4 | 5, values: readonly number[]])[],
): Buffer {
  const bytes = Buffer.alloc(8 + 2 + 12 * entries.length + 4 + 8 * entries.length);
  bytes.write("II*\0", 0, "latin1");
  bytes.writeUInt32LE(8, 4);
  bytes.writeUInt16LE(entries.length, 8);
  entries.forEach(([tag, type, [value = 0, denominator = 1]], i) => {
    const at = 10 + 12 * i;
    const place = 10 + 12 * entries.length + 4 + 8 * i;
    bytes.writeUInt16LE(tag, at);
    bytes.writeUInt16LE(type, at + 2);
    bytes.writeUInt32LE(1, at + 4);
    bytes.writeUInt32LE(type === 5 ? place : value, at + 8);
    if (type !== 5) return;
    bytes.writeUInt32LE(value, place);
    bytes.writeUInt32LE(denominator, place + 4);
  });
  return bytes;
}

/** The file of a result of twice the sides, in a format. */
async function enlarged(image: Awaited<ReturnType<typeof readImage>>, format: ImageFormat) {
  const rgb = syntheticImage(2, 2 * image.width, 2 * image.height);
  const metadata = enlargedMetadata(image.metadata, rgb.width, rgb.height, 2);
  return Buffer.from(await encodeImage({ rgb, metadata }, format));
}

describe("density", () => {
  const size300 = pngChunk("pHYs", "", Uint8Array.of(0, 0, 0x2e, 0x23, 0, 0, 0x2e, 0x23, 1));

  /** A file of 300 dpi that says so by itself, without EXIF. */
  async function scan(format: "png" | "jpeg" | "tiff"): Promise<Buffer> {
    if (format === "png") return pngWith(size300);
    if (format === "tiff") return picture().withMetadata({ density: 300 }).tiff().toBuffer();
    const file = await picture().jpeg().toBuffer();
    const jfif = Buffer.from("\xff\xe0\0\x10JFIF\0\x01\x02\x01\x01\x2c\x01\x2c\0\0", "latin1");
    return Buffer.concat([file.subarray(0, 2), jfif, file.subarray(2)]);
  }

  it.each([
    ["png", "png"],
    ["jpeg", "png"],
    ["tiff", "png"],
    ["png", "jpeg"],
    ["jpeg", "jpeg"],
    ["png", "tiff"],
    ["tiff", "tiff"],
  ] as const)("keeps the size on paper: %s to %s", async (from, to) => {
    const image = await read(`scan.${from}`, await scan(from));
    expect(image.metadata.density).toMatchObject({ x: 300, y: 300, unit: "inch" });
    const file = await enlarged(image, to);
    const { density, exif, width } = await sharp(file).metadata();
    expect(width).toBe(2 * WIDTH);
    expect(Math.abs((density as number) - 600)).toBeLessThan(1);
    expect((await read(`again.${to}`, file)).metadata.density).toMatchObject({ x: 600, y: 600 });
    expect(exif).toBeUndefined();
  });

  it.each(["png", "jpeg", "tiff"] as const)("is not made up in %s", async (to) => {
    for (const format of ["png", "jpeg"] as const) {
      const plain = format === "png" ? await pngWith() : await picture().jpeg().toBuffer();
      const image = await read(`none.${format}`, plain);
      expect(image.metadata.density).toBeUndefined();
      const file = await enlarged(image, to);
      expect(pngChunks(file).map(({ type }) => type)).not.toContain("pHYs");
      const again = await read(`made.${to}`, file);
      expect(again.metadata.density).toBeUndefined();
    }
  });

  const resolution = (x: number, y: number, unit = 2) =>
    tiffStructure([
      [282, 5, [x, 1]],
      [283, 5, [y, 1]],
      [296, 3, [unit]],
    ]);

  const ofExif = (exif: Uint8Array | undefined) =>
    exif && readDensity("webp", new Uint8Array(), [], uprightExif(exif));

  it.each(["png", "webp", "avif", "jpeg"] as const)(
    "of EXIF alone grows with the picture: %s",
    async (from) => {
      const png = await pngWith(size300, pngChunk("eXIf", "", resolution(300, 300)));
      const file =
        from === "png"
          ? await pngWith(pngChunk("eXIf", "", resolution(300, 300)))
          : await sharp(png).keepExif().toFormat(from).toBuffer();
      const image = await read(`exif.${from}`, file);
      expect(image.metadata.density).toMatchObject({ x: 300, y: 300, unit: "inch" });
      for (const to of ["png", "webp", "avif", "jpeg"] as const) {
        const made = await enlarged(image, to);
        expect(ofExif((await sharp(made).metadata()).exif)?.x).toBeCloseTo(600, 0);
        expect((await read(`again.${to}`, made)).metadata.density?.y).toBeCloseTo(600, 0);
      }
    },
  );

  it.each(["png", "jpeg", "tiff"] as const)("may differ along width and height: to %s", async (to) => {
    const fax = pngChunk("pHYs", "", Uint8Array.of(0, 0, 0x1f, 0x5f, 0, 0, 0x0f, 0x12, 1));
    const image = await read("fax.png", await pngWith(fax));
    expect(image.metadata.density).toMatchObject({ x: 203.99, y: 97.993 });
    const again = (await read(`fax.${to}`, await enlarged(image, to))).metadata.density;
    expect(again?.x).toBeCloseTo(408, 0);
    expect(again?.y).toBeCloseTo(196, 0);
    const wide = await read(
      "wide.png",
      await pngWith(pngChunk("pHYs", "", Uint8Array.of(0, 0, 0, 2, 0, 0, 0, 1, 0))),
    );
    expect(wide.metadata.density).toEqual({ x: 2, y: 1, unit: "none" });
    const wider = (await read(`wide.${to}`, await enlarged(wide, to))).metadata.density;
    expect(wider).toEqual({ x: 2, y: 1, unit: "none" });
  });

  it("turns with the picture", async () => {
    const file = await pngWith(
      pngChunk(
        "eXIf",
        "",
        tiffStructure([
          [274, 3, [6]],
          [282, 5, [204, 1]],
          [283, 5, [98, 1]],
        ]),
      ),
    );
    expect((await read("turned-fax.png", file)).metadata.density).toEqual({ x: 98, y: 204, unit: "inch" });
  });

  it("of any size is written", async () => {
    const most = pngChunk("pHYs", "", Uint8Array.of(0xee, 0x6b, 0x28, 0, 0xee, 0x6b, 0x28, 0, 1));
    const exif = pngChunk("eXIf", "", resolution(2 ** 32 - 1, 1));
    for (const chunks of [[most], [most, exif], [exif]]) {
      const image = await read("most.png", await pngWith(...chunks));
      for (const to of ["png", "jpeg", "tiff", "webp"] as const) {
        expect((await sharp(await enlarged(image, to)).metadata()).width).toBe(2 * WIDTH);
      }
    }
  });

  it("is not made up beside EXIF without one", async () => {
    const image = await read(
      "artist.png",
      await pngWith(pngChunk("eXIf", "", tiffStructure([[274, 3, [1]]]))),
    );
    for (const to of ["png", "jpeg", "webp"] as const) {
      const { exif } = await sharp(await enlarged(image, to)).metadata();
      // What EXIF says where the density is unknown.
      expect(ofExif(exif)?.x).toBeCloseTo(72, 1);
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

  const sRgb = pngChunk("sRGB", "", Uint8Array.of(0));
  const light = pngChunk("cLLI", "", new Uint8Array(8));
  const colorTypes = (file: Uint8Array) =>
    pngChunks(file)
      .map(({ type }) => type)
      .filter((type) => type !== "IHDR" && type !== "iCCP");

  it("goes by the order in which programs believe the chunks", async () => {
    const screenshot = await read("screenshot.png", await pngWith(sRgb, gamma));
    expect(colorTypes(await enlarged(screenshot, "png"))).toEqual(["sRGB"]);
    expect(lossesOf(screenshot, "jpeg")).toEqual([]);
    const hdr = await read("hdr.png", await pngWith(pq, light, gamma));
    expect(colorTypes(await enlarged(hdr, "png"))).toEqual(["cICP", "cLLI", "gAMA"]);
    const { icc } = await sharp(await picture().withIccProfile("p3").png().toBuffer()).metadata();
    const profile = pngChunk("iCCP", "p\0\0", deflateSync(icc as Buffer));
    const both = await read("both.png", await pngWith(pq, profile, gamma));
    expect(both.metadata.icc).toBeDefined();
    expect(colorTypes(await enlarged(both, "png"))).toEqual(["cICP"]);
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

  it.each([
    ["a motion photo", 'xmlns:GCamera="http://ns.google.com/photos/1.0/camera/" GCamera:MotionPhoto="1"'],
    ["another prefix", 'xmlns:Camera="http://ns.google.com/photos/1.0/camera/" Camera:MicroVideoOffset="9"'],
    ["a container", 'xmlns:C="http://ns.google.com/photos/1.0/container/" C:Directory="1"'],
    ["a gain map", 'xmlns:hdrgm="http://ns.adobe.com/hdr-gain-map/1.0/" hdrgm:Version="1.0"'],
    ["Apple's gain map", 'xmlns:H="http://ns.apple.com/HDRGainMap/1.0/" H:HDRGainMapVersion="65536"'],
  ])("about a video or a map that is not kept are left out, with a note: %s", async (_what, attributes) => {
    const image = await read("motion.jpg", await picture().withXmp(packet(attributes)).jpeg().toBuffer());
    expect(image.metadata.xmp).toBeUndefined();
    expect(image.notes).toEqual([expect.stringContaining("XMP about a video or map")]);
  });

  it("stay where a namespace of other data is only declared", async () => {
    const attributes = 'xmlns:GCamera="http://ns.google.com/photos/1.0/camera/" xmp:Rating="3"';
    const image = await read("rated.jpg", await picture().withXmp(packet(attributes)).jpeg().toBuffer());
    expect(Buffer.from(image.metadata.xmp ?? []).toString()).toContain('xmp:Rating="3"');
    expect(image.notes).toEqual([]);
  });

  it("agree by any prefix, in density and in a panorama too", async () => {
    const namespaces =
      'xmlns:t="http://ns.adobe.com/tiff/1.0/" xmlns:xap="http://ns.adobe.com/xap/1.0/" xmlns:GPano="http://ns.google.com/photos/1.0/panorama/" xmlns:n="http://ns.adobe.com/xmp/note/"';
    const xmp = packet(
      `${namespaces} t:Orientation="6" t:XResolution="300/1" GPano:FullPanoWidthPixels="96" GPano:CroppedAreaLeftPixels='10' n:HasExtendedXMP="0123"`,
      '<tiff:YResolution>300/1</tiff:YResolution><xap:Thumbnails rdf:parseType="Resource">QUJD</xap:Thumbnails><xmp:Thumbnails/><xmp:Label>A</xmp:Label>',
    );
    const image = await read("prefix.jpg", await picture().withXmp(xmp).jpeg().toBuffer());
    const text = (await sharp(await enlarged(image, "jpeg")).metadata()).xmp?.toString() ?? "";
    // No EXIF: nothing has turned the picture, and who goes by XMP still may.
    expect(text).toContain('t:Orientation="6" t:XResolution="600/1"');
    expect(text).toContain("<tiff:YResolution>600/1</tiff:YResolution>");
    expect(text).toContain(`GPano:FullPanoWidthPixels="192" GPano:CroppedAreaLeftPixels='20'`);
    expect(text).toContain("<xmp:Label>A</xmp:Label>");
    expect(text).not.toMatch(/Thumbnails|HasExtendedXMP/);
  });

  it("of any length are read at once", () => {
    const open = packet("", "<xmp:Thumbnails>".repeat(300_000));
    const started = performance.now();
    xmpFor(new TextEncoder().encode(open), { width: 1, height: 1 });
    expect(performance.now() - started).toBeLessThan(5000);
  });

  it("that are not UTF-8 are left out, with a note", () => {
    const utf16 = Buffer.from(packet('xmp:Rating="3"'), "utf16le").fill(0xff, 0, 2);
    expect(xmpFor(utf16, { width: 1, height: 1 })).toBeUndefined();
    expect(whyNoXmp(utf16)).toContain("not UTF-8");
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
  function tiff(
    bands: number,
    tags: readonly (readonly [tag: number, value: number])[],
    { isBig = false, colors = 2 } = {},
  ): Buffer {
    const pixels = Buffer.alloc(bands * 64, 100);
    const start = isBig ? 16 : 8;
    const entries = [
      ...[
        [256, 8],
        [257, 8],
        [258, 8],
        [259, 1],
        [262, colors],
        [273, start],
        [277, bands],
        [278, 8],
        [279, pixels.length],
      ],
      ...tags,
    ].sort((a, b) => a[0] - b[0]);
    const [countBytes, entryBytes] = isBig ? [8, 20] : [2, 12];
    const directory = Buffer.alloc(countBytes + entryBytes * entries.length + 8);
    directory.writeUInt16LE(entries.length, 0);
    entries.forEach(([tag, value], i) => {
      const at = countBytes + entryBytes * i;
      directory.writeUInt16LE(tag, at);
      directory.writeUInt16LE(tag === 33550 ? 12 : 3, at + 2);
      directory.writeUInt32LE(1, at + 4);
      directory.writeUInt32LE(value, at + entryBytes - (isBig ? 8 : 4));
    });
    const head = Buffer.alloc(start);
    head.write(isBig ? "II+\0" : "II*\0", 0, "latin1");
    if (isBig) head.writeUInt16LE(8, 4);
    head.writeUInt32LE(start + pixels.length, isBig ? 8 : 4);
    return Buffer.concat([head, pixels, directory, Buffer.alloc(16)]);
  }

  it.each([
    ["a fourth band that is not transparency", tiff(4, [[338, 0]]), "4 bands"],
    ["a fifth band", tiff(5, [[338, 2]]), "5 bands"],
    ["more bands than the image library takes", tiff(8, [[338, 0]]), "8 bands"],
    ["a fourth band of BigTIFF", tiff(4, [[338, 0]], { isBig: true }), "4 bands"],
    ["a band beside CMYK", tiff(5, [[338, 0]], { colors: 5 }), "5 bands"],
    [
      "a raw photo under another name",
      tiff(3, [
        [254, 1],
        [330, 8],
      ]),
      "camera's raw",
    ],
    ["a DNG under another name", tiff(3, [[50706, 1]]), "camera's raw"],
  ])("is refused if it would be lost: %s", async (_what, bytes, message) => {
    await expect(read("bands.tif", bytes)).rejects.toThrow(ImageError);
    await expect(read("bands.tif", bytes)).rejects.toThrow(message);
  });

  it("is transparency where it says so", async () => {
    expect((await read("alpha.tif", tiff(4, [[338, 2]]))).alpha).toBeDefined();
    expect((await read("big.tif", tiff(4, [[338, 2]], { isBig: true }))).alpha).toBeDefined();
  });

  it("is named: a georeference, and frames of an APNG", async () => {
    expect((await read("geo.tif", tiff(3, [[33550, 8]]))).notes).toEqual([
      expect.stringContaining("GeoTIFF"),
    ]);
    expect((await read("big-geo.tif", tiff(3, [[33550, 8]], { isBig: true }))).notes).toHaveLength(1);
    const frames = pngChunk("acTL", "", Uint8Array.of(0, 0, 0, 5, 0, 0, 0, 0));
    const image = await read("frames.png", await pngWith(frames));
    expect(image.notes).toEqual([expect.stringContaining("holds 5 frames; the first is used")]);
    expect((await read("artist.tif", tiff(3, [[315, 0]]))).notes).toEqual([
      expect.stringContaining("has an artist; this is not kept"),
    ]);
    const avif = await picture().avif().toBuffer();
    avif.write("avis", 8, "latin1");
    expect((await read("moving.avif", avif)).notes).toEqual([expect.stringContaining("is an animation")]);
    expect(await readFile(join(folder, "frames.png"))).toHaveLength((await pngWith(frames)).length);
  });

  it("is read and named after the pixels of a PNG file as before them", async () => {
    const chunks = [
      pngChunk("eXIf", "", tiffStructure([[274, 3, [6]]])),
      pngChunk("tEXt", "Author\0", Buffer.from("someone")),
      pngChunk("tEXt", "Software\0", Buffer.from("something")),
    ];
    const png = await pngWith();
    const late = Buffer.concat([png.subarray(0, -12), ...chunks, png.subarray(-12)]);
    for (const bytes of [late, await pngWith(...chunks)]) {
      const { width, height, metadata, notes } = await read("late.png", bytes);
      expect([width, height]).toEqual([HEIGHT, WIDTH]);
      expect(metadata.exif).toBeDefined();
      expect(notes).toEqual([expect.stringContaining('has the text "Author"; this is not kept')]);
    }
  });

  it("is named in a JPEG file: a comment, and a video after the picture", async () => {
    const jpeg = await picture().jpeg({ progressive: true }).toBuffer();
    const comment = Buffer.from([0xff, 0xfe, 0, 4, 65, 66]);
    const commented = Buffer.concat([jpeg.subarray(0, 2), comment, jpeg.subarray(2)]);
    const video = Buffer.concat([jpeg, Buffer.from("\0\0\0\u0014ftypmp42....", "latin1")]);
    expect((await read("plain.jpg", jpeg)).notes).toEqual([]);
    expect((await read("comment.jpg", commented)).notes).toEqual([
      expect.stringContaining("has a comment; this is not kept"),
    ]);
    expect((await read("motion.jpg", video)).notes).toEqual([
      expect.stringContaining("has a video after the picture, which is not kept"),
    ]);
  });
});
