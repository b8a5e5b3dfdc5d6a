import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import sharp from "sharp";
import { encodeImage } from "../../src/node/image-io/write-image.js";
import { syntheticImage } from "./synthetic-image.js";

/** Writes a folder of images, each with a picture of its own, in the format that its name says. */
export async function writeHrImages(
  folder: string,
  names: readonly string[],
  width = 70,
  height = 66,
): Promise<void> {
  mkdirSync(folder, { recursive: true });
  for (const [index, name] of names.entries()) {
    const png = await encodeImage({ rgb: syntheticImage(index, width, height) }, "png");
    if (name.endsWith(".png")) writeFileSync(join(folder, name), png);
    else await sharp(png).toFile(join(folder, name));
  }
}
