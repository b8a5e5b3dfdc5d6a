import { expect, it } from "vitest";
import { PictureUpscaler } from "../../src/embed/picture-upscaler.js";
import type { Engine } from "../../src/engine/device/engine.js";
import { OutOfMemoryError } from "../../src/engine/errors.js";

/** An upscaler whose decoder does something else. */
function decodingBy(decode: () => never): PictureUpscaler<string> {
  return new PictureUpscaler({
    engine: {} as Engine,
    tools: {} as never,
    scale: 2,
    decode: async () => decode(),
  });
}

it.each([
  ["a buffer that is too large", () => new ArrayBuffer(2 ** 52)],
  ["a list that is too long", () => new Float32Array(2 ** 50)],
])("a picture that needs %s ends in an error of this package", async (_, allocate) => {
  const upscaler = decodingBy(() => {
    throw new Error(`It was allocated: ${allocate()}`);
  });
  await expect(upscaler.upscale("photo.png")).rejects.toThrow(OutOfMemoryError);
});

it("a RangeError of the caller's own stays what it is", async () => {
  const own = new RangeError("The progress bar is full.");
  const upscaler = decodingBy(() => {
    throw own;
  });
  await expect(upscaler.upscale("photo.png")).rejects.toBe(own);
});
