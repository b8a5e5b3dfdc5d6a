import { deflateSync, gzipSync } from "node:zlib";
import { crc32 } from "../../src/weights/crc32.js";
import { ascii, concat } from "../weights/checkpoint-builder.js";
import type { HostileFile } from "./hostile-file.js";

/** A chunk of a PNG file. */
function chunk(type: string, data: Uint8Array): Uint8Array {
  const contents = Buffer.concat([ascii(type), data]);
  const bytes = Buffer.alloc(contents.length + 8);
  bytes.writeUInt32BE(data.length, 0);
  bytes.set(contents, 4);
  bytes.writeUInt32BE(crc32(contents), contents.length + 4);
  return bytes;
}

/** A PNG file of one byte a pixel. */
function png(width: number, height: number, rows: Uint8Array, ...extra: readonly Uint8Array[]): Uint8Array {
  const head = Buffer.alloc(13);
  head.writeUInt32BE(width, 0);
  head.writeUInt32BE(height, 4);
  head.set([8, 0, 0, 0, 0], 8);
  return Buffer.concat([
    Uint8Array.of(0x89),
    ascii("PNG\r\n\x1a\n"),
    chunk("IHDR", head),
    ...extra,
    chunk("IDAT", deflateSync(rows)),
    chunk("IEND", new Uint8Array()),
  ]);
}

const gray = (width: number, height: number, ...extra: readonly Uint8Array[]) =>
  png(width, height, new Uint8Array((width + 1) * height), ...extra);

/** Filters of filters of noise, each as large as the drawing: minutes of work from 1 kB. */
const SLOW_SVG = `<svg xmlns="http://www.w3.org/2000/svg" width="8000" height="8000"><filter id="f" x="0" y="0" width="1" height="1">${'<feTurbulence baseFrequency="0.01" numOctaves="200"/><feGaussianBlur stdDeviation="200"/>'.repeat(8)}</filter><rect width="8000" height="8000" filter="url(#f)"/></svg>`;

const ftyp = (brand: string) =>
  concat([0, 0, 0, 24], ascii(`ftyp${brand}`), [0, 0, 0, 0], ascii(`mif1${brand}`), new Uint8Array(200));

const UNSUPPORTED = /is (?:a|an) .* file, which is not read/;

/** Image files that are damaged, huge, or of a kind that is not read. */
export const IMAGES: readonly HostileFile[] = [
  { name: "slow.svg", bytes: () => ascii(SLOW_SVG), refused: UNSUPPORTED },
  { name: "svg-called.png", bytes: () => ascii(`<?xml version="1.0"?>${SLOW_SVG}`), refused: UNSUPPORTED },
  {
    name: "svg-after-space.png",
    bytes: () => ascii(`\ufeff \n\n<!-- a --><!DOCTYPE svg>${SLOW_SVG}`),
    refused: /not an image of a known kind|not read/,
  },
  {
    name: "svg-zipped.svgz",
    bytes: () => gzipSync(SLOW_SVG),
    refused: /not an image of a known kind|not read/,
  },
  {
    name: "svg-of-entities.svg",
    bytes: () =>
      ascii(
        `<!DOCTYPE svg [<!ENTITY a "${"b".repeat(1000)}"><!ENTITY c "${"&a;".repeat(1000)}"><!ENTITY d "${"&c;".repeat(1000)}">]><svg xmlns="http://www.w3.org/2000/svg"><text>&d;</text></svg>`,
      ),
    refused: /not an image of a known kind|not read/,
  },
  { name: "document.pdf", bytes: () => ascii("%PDF-1.7\n1 0 obj\n<<>>\nendobj\n"), refused: UNSUPPORTED },
  { name: "photo.heic", bytes: () => ftyp("heic"), refused: UNSUPPORTED },
  {
    name: "photo.jxl",
    bytes: () => concat([0, 0, 0, 12], ascii("JXL \r\n"), [0x87, 10], new Uint8Array(50)),
    refused: UNSUPPORTED,
  },
  {
    name: "photo.jp2",
    bytes: () => concat([0, 0, 0, 12], ascii("jP  \r\n"), [0x87, 10], new Uint8Array(50)),
    refused: UNSUPPORTED,
  },
  { name: "picture.bmp", bytes: () => concat(ascii("BM"), new Uint8Array(100)), refused: UNSUPPORTED },
  { name: "picture.ppm", bytes: () => ascii("P6 100000 100000 255\n"), refused: UNSUPPORTED },
  { name: "picture.pfm", bytes: () => ascii("PF\n30000 30000\n-1.0\n"), refused: UNSUPPORTED },
  {
    name: "picture.hdr",
    bytes: () => ascii("#?RADIANCE\nFORMAT=32-bit_rle_rgbe\n\n-Y 30000 +X 30000\n"),
    refused: UNSUPPORTED,
  },
  {
    name: "picture.exr",
    bytes: () => concat([0x76, 0x2f, 0x31, 0x01], new Uint8Array(100)),
    refused: UNSUPPORTED,
  },
  {
    name: "table.csv",
    bytes: () => ascii("1,2,3\n4,5,6\n".repeat(100)),
    refused: /not an image of a known kind/,
  },
  {
    name: "picture.fits",
    bytes: () => ascii("SIMPLE  =                    T".padEnd(2880)),
    refused: UNSUPPORTED,
  },
  {
    name: "picture.v",
    bytes: () => concat([0xb6, 0xa6, 0xf2, 0x08], new Uint8Array(100)),
    refused: /not an image of a known kind|not read/,
  },
  { name: "empty.png", bytes: () => new Uint8Array(), refused: /empty/ },
  { name: "one-byte.png", bytes: () => Uint8Array.of(0x89), refused: /not an image of a known kind/ },
  {
    name: "text.png",
    bytes: () => ascii("This is not an image.\n"),
    refused: /not an image of a known kind/,
  },
  { name: "signature-alone.png", bytes: () => gray(2, 2).subarray(0, 8), refused: /damaged/ },
  { name: "cut.png", bytes: () => gray(200, 200).subarray(0, 60), refused: /damaged/ },
  { name: "no-pixels.png", bytes: () => gray(0, 0), refused: /damaged/ },
  {
    name: "of-2-to-31.png",
    bytes: () => png(2 ** 31 - 1, 2 ** 31 - 1, new Uint8Array(8)),
    refused: /megapixels|damaged/,
  },
  {
    name: "of-101-megapixels.png",
    bytes: () => png(10_100, 10_000, new Uint8Array(10_101 * 10_000)),
    refused: /megapixels/,
  },
  {
    name: "one-row-of-2-to-31.png",
    bytes: () => png(2 ** 31 - 1, 1, new Uint8Array(8)),
    refused: /megapixels|damaged/,
  },
  { name: "wrong-checksum.png", bytes: () => gray(20, 20).fill(0, 50, 54), refused: /./, mayPass: true },
  {
    name: "text-bomb.png",
    bytes: () =>
      gray(
        20,
        20,
        ...new Array(50).fill(
          chunk("zTXt", Buffer.concat([ascii("a\0\0"), deflateSync(new Uint8Array(20_000_000))])),
        ),
      ),
    refused: /./,
    mayPass: true,
  },
  {
    name: "profile-bomb.png",
    bytes: () =>
      gray(20, 20, chunk("iCCP", Buffer.concat([ascii("a\0\0"), deflateSync(new Uint8Array(100_000_000))]))),
    refused: /./,
    mayPass: true,
  },
  {
    name: "exif-without-end.png",
    bytes: () => gray(20, 20, chunk("eXIf", concat(ascii("II*\0"), [0xff, 0xff, 0xff, 0x7f], [0xff, 0xff]))),
    refused: /./,
    mayPass: true,
  },
  {
    name: "exif-of-itself.png",
    bytes: () =>
      gray(
        20,
        20,
        chunk(
          "eXIf",
          concat(ascii("II*\0"), [8, 0, 0, 0, 1, 0, 0x69, 0x87, 4, 0, 1, 0, 0, 0, 8, 0, 0, 0, 8, 0, 0, 0]),
        ),
      ),
    refused: /./,
    mayPass: true,
  },
  { name: "start-alone.jpg", bytes: () => Uint8Array.of(0xff, 0xd8, 0xff), refused: /damaged/ },
  {
    name: "of-65535.jpg",
    bytes: () =>
      concat([0xff, 0xd8, 0xff, 0xc0, 0, 11, 8, 0xff, 0xff, 0xff, 0xff, 1, 1, 0x11, 0, 0xff, 0xd9]),
    refused: /./,
  },
  { name: "start-alone.gif", bytes: () => ascii("GIF89a"), refused: /damaged/ },
  {
    name: "of-65535.gif",
    bytes: () =>
      concat(
        ascii("GIF89a"),
        [0xff, 0xff, 0xff, 0xff, 0, 0, 0, 0x2c, 0, 0, 0, 0, 0xff, 0xff, 0xff, 0xff, 0, 2, 0, 0x3b],
      ),
    refused: /./,
  },
  {
    name: "start-alone.webp",
    bytes: () => concat(ascii("RIFF"), [4, 0, 0, 0], ascii("WEBP")),
    refused: /damaged/,
  },
  {
    name: "start-alone.tiff",
    bytes: () => concat(ascii("II*\0"), [8, 0, 0, 0]),
    refused: /damaged/,
  },
  {
    name: "directory-of-itself.tiff",
    bytes: () => concat(ascii("II*\0"), [8, 0, 0, 0, 0, 0, 8, 0, 0, 0]),
    refused: /damaged/,
  },
  { name: "start-alone.avif", bytes: () => ftyp("avif"), refused: /damaged/ },
];
