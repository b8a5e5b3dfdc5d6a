import sharp from "sharp";
import { describe, expect, it } from "vitest";
import { fileNotes, HEAD_BYTES } from "../../../src/web/worker/file-notes.js";

const BITS = "more than 8 bits";
const FRAMES = "is an animation";

/** What the page says of a file. */
const notesOn = (bytes: Uint8Array): string[] =>
  fileNotes(new TextDecoder("latin1").decode(bytes.subarray(0, HEAD_BYTES)), "x");

const noise = { width: 40, height: 24, channels: 3 as const, background: "#888" };
const image = () =>
  sharp({ create: { ...noise, noise: { type: "gaussian", mean: 128, sigma: 40 } } }).removeAlpha();

/** A PNG with another chunk after its first one. */
function withChunk(png: Buffer, name: string): Buffer {
  return Buffer.concat([
    png.subarray(0, 33),
    Buffer.from([0, 0, 0, 0]),
    Buffer.from(name),
    Buffer.alloc(4),
    png.subarray(33),
  ]);
}

describe("what a browser leaves out", () => {
  it.each([
    ["JPEG", () => image().jpeg().toBuffer()],
    ["PNG", () => image().png().toBuffer()],
    ["WebP", () => image().webp().toBuffer()],
    ["GIF", () => image().gif().toBuffer()],
    ["AVIF", () => image().avif().toBuffer()],
    [
      "a JPEG that speaks of an ANIMAL",
      () => image().withXmp("<x>ANIMAL acTL NETSCAPE</x>").jpeg().toBuffer(),
    ],
  ])("is nothing of %s", async (_, make) => {
    expect(notesOn(await make())).toEqual([]);
  });

  it("is named: bits of PNG and AVIF", async () => {
    const deep = await image().toColourspace("rgb16").png().toBuffer();
    expect(notesOn(deep)).toEqual([expect.stringContaining(BITS)]);
    const avif = await image().avif().toBuffer();
    // The configuration's third byte: seq_tier_0, high_bitdepth, twelve_bit, …
    avif[avif.indexOf("av1C") + 6] |= 0x40;
    expect(notesOn(avif)).toEqual([expect.stringContaining(BITS)]);
  });

  it("is named: a second frame of a GIF beyond a large first one", async () => {
    const frame = sharp({
      create: { ...noise, width: 300, height: 230, noise: { type: "gaussian", mean: 128, sigma: 60 } },
    });
    const frames = await Promise.all([frame.png().toBuffer(), frame.negate().png().toBuffer()]);
    const file = await sharp(frames, { join: { animated: true } })
      .gif({ loop: 1 })
      .toBuffer();
    expect(file.indexOf(Buffer.from([0x21, 0xf9, 4]), 2000)).toBeGreaterThan(65_536);
    expect(notesOn(file)).toEqual([expect.stringContaining(FRAMES)]);
  });

  it("is named: other frames of APNG, GIF and WebP", async () => {
    const frames = await Promise.all([image(), image()].map((each) => each.png().toBuffer()));
    const joined = () => sharp(frames, { join: { animated: true } });
    for (const file of [
      withChunk(frames[0], "acTL"),
      await joined().gif({ loop: 0 }).toBuffer(),
      await joined().gif({ loop: 1 }).toBuffer(),
      await joined().webp().toBuffer(),
    ]) {
      expect(notesOn(file)).toEqual([expect.stringContaining(FRAMES)]);
    }
  });
});
