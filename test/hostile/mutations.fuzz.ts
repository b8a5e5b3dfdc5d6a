import { readFileSync } from "node:fs";
import { join } from "node:path";
import sharp from "sharp";
import { expect, test } from "vitest";
import { blurKernel } from "../../src/kernel/blur-kernel.js";
import { encodeKernel } from "../../src/kernel/formats/kernel-format.js";
import checkpoints from "../fixtures/pytorch-checkpoints.json";
import { PHOTO } from "../support/cli.js";
import { ROOT } from "../support/root.js";
import { randomSeed } from "../support/seed.js";
import { damage, randomIntegers } from "../weights/fuzz.js";
import { CORPUS } from "./corpus.js";
import { drive, type Outcome } from "./readers.js";
import { usrNet } from "./weights-corpus.js";

/** How many damaged files; of each kind as many. */
const FILES = Number(process.env.METAKERNELGAN_FUZZ_FILES ?? 25_000);

/** A hostile file takes longer to write than to refuse. */
const MAX_SEED_BYTES = 200_000;

const KERNEL = blurKernel(new Float64Array(121).fill(1 / 121), 2);

const model = (name: string) => new Uint8Array(readFileSync(join(ROOT, "models", name)));
const base64 = (text: string) => Uint8Array.from(atob(text), (char) => char.charCodeAt(0));

/** Whole files to damage, by the readers that they are for. */
async function wholeFiles(): Promise<[Uint8Array, string[]][]> {
  const photo = sharp(PHOTO).resize(48, 32).withMetadata({ orientation: 6 });
  const images = await Promise.all(
    [
      photo.clone().png(),
      photo.clone().png({ palette: true, progressive: true }),
      photo.clone().toColorspace("rgb16").png(),
      photo.clone().jpeg(),
      photo.clone().jpeg({ progressive: true }),
      photo.clone().webp(),
      photo.clone().webp({ lossless: true }),
      photo.clone().tiff(),
      photo.clone().tiff({ compression: "lzw", tile: true }),
      photo.clone().avif(),
      photo.clone().gif(),
    ].map((image) => image.toBuffer()),
  );
  const weights = ["import", "usrnet", "guided", "spectral", "gan", "checkpoint"];
  const hostile = CORPUS.filter(({ name }) => !/bomb|100000|of-20|of-101/.test(name))
    .map(({ bytes }) => bytes())
    .filter(({ length }) => length > 0 && length < MAX_SEED_BYTES);
  return [
    ...images.map((bytes): [Uint8Array, string[]] => [bytes, ["image"]]),
    ...Object.values(checkpoints).map((text): [Uint8Array, string[]] => [base64(text), ["import"]]),
    [usrNet(12), weights],
    [model("spectral-x2.safetensors"), weights],
    [encodeKernel(KERNEL, "npy"), ["npy"]],
    [encodeKernel(KERNEL, "mat"), ["mat"]],
    [encodeKernel(KERNEL, "json"), ["json", "benchmarkJson"]],
    ...hostile.map((bytes): [Uint8Array, string[]] => [bytes, ALL]),
  ];
}

const ALL = ["import", "usrnet", "npy", "mat", "json", "image", "run", "log"];

test(`${FILES} damaged files give no raw error`, async () => {
  const random = randomIntegers(randomSeed());
  const files = await wholeFiles();
  const before = process.memoryUsage().rss;
  const raw: Outcome[] = [];
  let [readings, refusals, slowest, most] = [0, 0, 0, 0];
  for (let i = 0; i < FILES; i++) {
    const [bytes, readers] = files[i % files.length] as [Uint8Array, string[]];
    for (const outcome of await drive(damage(bytes, random), readers)) {
      readings++;
      if (outcome.refusal !== undefined) refusals++;
      if (outcome.raw !== undefined) raw.push(outcome);
      slowest = Math.max(slowest, outcome.milliseconds);
    }
    most = Math.max(most, process.memoryUsage().rss);
  }
  console.log(
    `${FILES} files of ${files.length} kinds, ${readings} readings, ${refusals} refusals, ${raw.length} raw errors, ` +
      `slowest ${Math.round(slowest)} ms, memory at most ${Math.round((most - before) / 1e6)} MB above the ${Math.round(before / 1e6)} MB before.`,
  );
  expect(raw.slice(0, 5)).toEqual([]);
});
