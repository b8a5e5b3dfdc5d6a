import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { PNG } from "pngjs";
import sharp from "sharp";
import { beforeAll, describe, expect, it } from "vitest";
import { useCli } from "../support/cli.js";

const cli = useCli();
const SIZE = 64;

/** Gray level of a pixel of the test picture: edges and texture. */
const level = (x: number, y: number): number =>
  60 + ((x * x + 3 * y * x + 7 * y) % 50) + (x + 2 * y > 90 ? 100 : 0);

type ColorType = 0 | 2 | 4 | 6;

/** The picture as a PNG of the kind asked for; all kinds have the same pixels. */
function png(width: number, height: number, colorType: ColorType = 2, bitDepth: 8 | 16 = 8): Buffer {
  const picture = new PNG({ width, height });
  const scale = bitDepth === 16 ? 257 : 1;
  const data = bitDepth === 16 ? new Uint16Array(4 * width * height) : picture.data;
  for (let i = 0; i < width * height; i++) {
    const value = level(i % width, Math.floor(i / width)) * scale;
    data.set([value, value, value, 255 * scale], 4 * i);
  }
  picture.data = Buffer.from(data.buffer, data.byteOffset, data.byteLength);
  return PNG.sync.write(picture, { colorType, bitDepth, inputColorType: 6, inputHasAlpha: true });
}

async function kernelOf(path: string): Promise<unknown> {
  const { code, stdout, stderr } = await cli.run(["estimate", path, "--steps", "2", "--json"]);
  expect(code, stderr).toBe(0);
  return JSON.parse(stdout).kernel;
}

describe("images that cannot be used", () => {
  beforeAll(() => {
    writeFileSync(cli.file("text.png"), "This is a letter, not a picture.\n");
    writeFileSync(cli.file("truncated.png"), png(SIZE, SIZE).subarray(0, 700));
    writeFileSync(cli.file("empty.png"), "");
    writeFileSync(cli.file("dot.png"), png(1, 1));
    writeFileSync(cli.file("small.png"), png(15, 40));
    writeFileSync(
      cli.file("flat.png"),
      PNG.sync.write(
        Object.assign(new PNG({ width: 70, height: 70 }), { data: Buffer.alloc(4 * 70 * 70, 255) }),
      ),
    );
    mkdirSync(cli.file("folder.png"));
  });

  it.each([
    ["text.png", "not an image"],
    ["truncated.png", "damaged or incomplete"],
    ["empty.png", "empty"],
    ["dot.png", "at least 16 pixels"],
    ["small.png", "at least 16 pixels"],
    ["flat.png", "one color throughout"],
    ["missing.png", "no such file"],
    ["folder.png", "folder"],
  ])("gives one line about %s", async (name, message) => {
    const { code, stdout, stderr } = await cli.run(["estimate", cli.file(name), "--steps", "2"]);
    expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
    expect(stderr).toMatch(/^metakernelgan: [^\n]+\n$/);
    expect(stderr).toContain(message);
  });
});

describe("kinds of images", () => {
  let expected: unknown;
  beforeAll(async () => {
    writeFileSync(cli.file("rgb.png"), png(SIZE, SIZE));
    expected = await kernelOf(cli.file("rgb.png"));
  });

  it.each([
    ["gray", () => png(SIZE, SIZE, 0)],
    ["gray with alpha", () => png(SIZE, SIZE, 4)],
    ["with alpha", () => png(SIZE, SIZE, 6)],
    ["16-bit", () => png(SIZE, SIZE, 2, 16)],
    ["palette", () => sharp(png(SIZE, SIZE)).png({ palette: true, colors: 256, dither: 0 }).toBuffer()],
  ])("gives the same kernel to the bit for a PNG that is %s", async (kind, make) => {
    const path = cli.file(`${kind}.png`);
    writeFileSync(path, await make());
    expect(await kernelOf(path)).toEqual(expected);
  });

  it("turns a JPEG as its EXIF block says", async () => {
    const turned = await sharp(png(80, SIZE))
      .rotate(270)
      .jpeg({ quality: 95 })
      .withMetadata({ orientation: 6 })
      .toBuffer();
    writeFileSync(cli.file("turned.jpg"), turned);
    writeFileSync(cli.file("upright.png"), await sharp(turned).autoOrient().png().toBuffer());
    expect(await kernelOf(cli.file("turned.jpg"))).toEqual(await kernelOf(cli.file("upright.png")));
  });

  it.each([
    [16, 16],
    [17, 40],
  ])("takes an image of %i×%i", async (width, height) => {
    const path = cli.file(`${width}x${height}.png`);
    writeFileSync(path, png(width, height));
    expect(await kernelOf(path)).toHaveLength(11);
  });

  it("writes a picture of the kernel that does not replace the image", async () => {
    const path = cli.file("rgb.png");
    const before = readFileSync(path);
    const { code, stderr } = await cli.run(["estimate", path, "--steps", "0", "--out", path]);
    expect(code).toBe(2);
    expect(stderr).toContain("choose another file");
    expect(readFileSync(path)).toEqual(before);
  });
});
