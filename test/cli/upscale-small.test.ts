import { writeFileSync } from "node:fs";
import sharp from "sharp";
import { beforeAll, describe, expect, it } from "vitest";
import { cropImage } from "../../src/image/crop-image.js";
import { readImage } from "../../src/node/image-io/read-image.js";
import { writeImage } from "../../src/node/image-io/write-image.js";
import { serializeSafetensors } from "../../src/weights/safetensors.js";
import { PHOTO, useCli } from "../support/cli.js";
import { randomGuidedWeights } from "../support/guided-weights.js";

const cli = useCli();
const IMAGE = cli.file("image.png");
const WEIGHTS = cli.file("small.safetensors");

beforeAll(async () => {
  const { rgb } = await readImage(PHOTO);
  await writeImage(IMAGE, { rgb: cropImage(rgb, { left: 200, top: 200, width: 48, height: 40 }) });
  writeFileSync(
    WEIGHTS,
    serializeSafetensors(randomGuidedWeights({ scale: 2, channels: 4, blocks: [1, 1] }, 1)),
  );
});

describe("upscale by the network for photos", () => {
  it("knows it by its weights, or by its name", async () => {
    const outs = [cli.file("a.png"), cli.file("b.png")];
    const common = ["upscale", IMAGE, "--upscaler-weights", WEIGHTS, "--json"];
    const found = await cli.run([...common, "--out", outs[0]]);
    const named = await cli.run([...common, "--out", outs[1], "--model", "small"]);
    expect([found.code, named.code]).toEqual([0, 0]);
    for (const { stdout } of [found, named])
      expect(JSON.parse(stdout)).toMatchObject({ model: "small", scale: 2 });
    const [a, b] = await Promise.all(outs.map((path) => sharp(path).raw().toBuffer()));
    expect(a.equals(b)).toBe(true);
    expect(await sharp(outs[0]).metadata()).toMatchObject({ width: 96, height: 80 });
  });

  it("names the weights of the scale", async () => {
    const { stdout } = await cli.run([
      "upscale",
      IMAGE,
      "--scale",
      "4",
      "--out",
      cli.file("4.png"),
      "--json",
    ]);
    const path = expect.stringContaining("models/small-x4.safetensors");
    expect(JSON.parse(stdout)).toMatchObject({ model: "small", scale: 4, weights: { path } });
  });

  it("says for which scales there are weights", async () => {
    const { code, stderr } = await cli.run([
      "upscale",
      IMAGE,
      "--model",
      "small",
      "--scale",
      "3",
      "--out",
      "x.png",
    ]);
    expect(code).toBe(1);
    expect(stderr).toContain("network for photos for ×2 and ×4, not for ×3: give another --model");
  });

  it.each([
    ["a scale that the weights are not for", ["--scale", "4"], "is for ×2, not ×4: give --scale 2"],
    ["another network", ["--model", "usrnet"], 'not of a USRNet, as it has "'],
    ["half precision", ["--model", "small", "--precision", "f16"], "does not go with it"],
  ])("refuses %s", async (_what, more, message) => {
    const out = cli.file("refused.png");
    const { code, stdout, stderr } = await cli.run([
      "upscale",
      IMAGE,
      "--upscaler-weights",
      WEIGHTS,
      "--out",
      out,
      ...more,
    ]);
    expect(code).not.toBe(0);
    expect(stdout).toBe("");
    expect(stderr).toContain(message);
  });
});
