import { deflateSync } from "node:zlib";
import { PNG } from "pngjs";
import type { RgbImage } from "../../src/image/rgb-image.js";
import { degrade } from "../../src/kernel/degradation/degrade.js";
import { gaussianKernel } from "../../src/kernel/families/gaussian-kernel.js";
import { crc32 } from "../../src/weights/crc32.js";
import { syntheticImage } from "../support/synthetic-image.js";
import type { GivenFile } from "./visitor.js";

/** A small picture with a blur in it, of which every value is a multiple of 1/255. */
export function degradedPicture(width: number, height: number): { image: RgbImage; file: GivenFile } {
  const kernel = gaussianKernel({ lambda1: 3, lambda2: 1, theta: 0.5 });
  const { data } = degrade(syntheticImage(3, 2 * width, 2 * height), kernel, 2);
  const bytes = Uint8ClampedArray.from(data, (value) => 255 * value);
  const image = { width, height, data: Float32Array.from(bytes, (value) => value / 255) };
  const png = new PNG({ width, height, colorType: 2 });
  const plane = width * height;
  for (let i = 0; i < plane; i++) {
    png.data.set([bytes[i], bytes[plane + i], bytes[2 * plane + i], 255] as number[], 4 * i);
  }
  return { image, file: { name: "degraded.png", type: "image/png", bytes: PNG.sync.write(png) } };
}

/** A black PNG of one bit a pixel: small as a file however many pixels it has. */
export function blackPicture(name: string, width: number, height: number): GivenFile {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header[8] = 1;
  const rows = Buffer.alloc(height * (1 + Math.ceil(width / 8)));
  const bytes = Buffer.concat([
    Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]),
    chunk("IHDR", header),
    chunk("IDAT", deflateSync(rows)),
    chunk("IEND", Buffer.alloc(0)),
  ]);
  return { name, type: "image/png", bytes };
}

/** A file of text. */
export function textFile(name: string, text: string, type = "text/plain"): GivenFile {
  return { name, type, bytes: new TextEncoder().encode(text) };
}

function chunk(type: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type, "latin1"), data]);
  const length = Buffer.alloc(4);
  length.writeUInt32BE(data.length);
  const check = Buffer.alloc(4);
  check.writeUInt32BE(crc32(body));
  return Buffer.concat([length, body, check]);
}
