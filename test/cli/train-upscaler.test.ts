import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import sharp from "sharp";
import { beforeAll, describe, expect, it } from "vitest";
import { configOf } from "../../src/model/usrnet/usrnet-config.js";
import { parseSafetensors } from "../../src/weights/safetensors.js";
import { type CliOptions, useCli } from "../support/cli.js";
import { syntheticImage } from "../support/synthetic-image.js";

const cli = useCli();
const DATA = cli.file("data");
const SIZE = 200;

function train(out: string, more: readonly string[] = [], options?: CliOptions) {
  const args = ["train-upscaler", "--data", DATA, "--out", cli.file(out), "--checkpoint-every", "2"];
  return cli.run([...args, ...more], options);
}

/** A small run. */
const SMALL = ["--batch", "1", "--size", "32"];

const bytes = (out: string, name: string): Buffer => readFileSync(join(cli.file(out), name));

beforeAll(async () => {
  mkdirSync(DATA);
  const { data } = syntheticImage(1, SIZE, SIZE);
  const pixels = Uint8Array.from({ length: data.length }, (_, i) => {
    const value = data[(i % 3) * SIZE ** 2 + Math.floor(i / 3)] as number;
    return Math.min(Math.max(Math.round(255 * value), 0), 255);
  });
  const image = sharp(pixels, { raw: { width: SIZE, height: SIZE, channels: 3 } });
  writeFileSync(join(DATA, "0.png"), await image.png().toBuffer());
});

describe("train-upscaler", () => {
  it("writes weights that upscale takes, a log and a checkpoint, and goes on to the bit", async () => {
    const { code, stdout, stderr } = await train("whole", [...SMALL, "--steps", "12"]);
    expect(code, stderr).toBe(0);
    expect(stdout).toContain("upscaler.safetensors");
    expect(readdirSync(cli.file("whole")).sort()).toEqual([
      "checkpoint.safetensors",
      "log.jsonl",
      "upscaler.safetensors",
    ]);
    const file = parseSafetensors(bytes("whole", "upscaler.safetensors"));
    expect(configOf(file)).toMatchObject({ firstGuess: "fourier", hyper: "polynomial" });
    expect(file.metadata).toMatchObject({ format: "usrnet", seed: "0", step: "12", steps: "12" });

    expect((await train("broken", [...SMALL, "--steps", "12"], { killAt: "Step 4 of" })).code).toBeNull();
    expect((await train("broken", ["--resume"])).code).toBe(0);
    expect(bytes("broken", "checkpoint.safetensors").equals(bytes("whole", "checkpoint.safetensors"))).toBe(
      true,
    );

    const weights = join(cli.file("whole"), "upscaler.safetensors");
    const kernel = cli.file("kernel.json");
    writeFileSync(kernel, JSON.stringify({ kernel: [[1]] }));
    const out = cli.file("upscaled.png");
    const args = ["upscale", join(DATA, "0.png"), "--kernel", kernel, "--orientation", "correlation"];
    const run = await cli.run([...args, "--model", "usrnet", "--upscaler-weights", weights, "--out", out]);
    expect(run.code, run.stderr).toBe(0);
    expect(await sharp(out).metadata()).toMatchObject({ width: 2 * SIZE, height: 2 * SIZE });
  });

  it("refuses a run that is there already, that is finished, and none to resume", async () => {
    expect((await train("done", [...SMALL, "--steps", "1"])).code).toBe(0);
    for (const [out, more, message] of [
      ["done", ["--steps", "2"], /holds a run already: add --resume/],
      ["done", ["--resume"], /has done its 1 steps/],
      ["done", ["--steps", "3", "--resume"], /keeps its --steps: leave that option out/],
      ["nothing", ["--resume"], /cannot be read: there is no such file/],
      ["odd", ["--steps", "1", "--size", "48"], /multiple of 32/],
    ] as const) {
      const { code, stderr } = await train(out, more);
      expect(code, stderr).toBeGreaterThan(0);
      expect(stderr).toMatch(message);
    }
    expect(readdirSync(cli.file("."))).not.toContain("nothing");
  });
});
