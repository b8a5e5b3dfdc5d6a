import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import sharp from "sharp";
import { beforeAll, describe, expect, it } from "vitest";
import { SAMPLE_SIZE } from "../../src/train/spectral/spectral-samples.js";
import { parseSafetensors } from "../../src/weights/safetensors.js";
import { type CliOptions, PHOTO, useCli } from "../support/cli.js";

const cli = useCli();

describe("train spectral", () => {
  const DATA = cli.file("photos");
  const SMALL = ["--samples", "70", "--steps", "3", "--checkpoint-every", "1", "--log-every", "1"];
  const SAMPLE_BYTES = 4 * SAMPLE_SIZE;
  const train = (out: string, more: readonly string[], options?: CliOptions) =>
    cli.run(["train", "spectral", "--data", DATA, "--out", cli.file(out), ...more], options);
  const bytes = (out: string, name: string): Buffer => readFileSync(join(cli.file(out), name));
  const estimate = (weights: string, ...more: string[]) =>
    cli.run([
      "estimate",
      join(DATA, "0.png"),
      "--method",
      "spectral",
      "--spectral-weights",
      weights,
      ...more,
    ]);
  const expectSame = (a: string, b: string): void => {
    for (const name of ["samples.f32", "checkpoint.safetensors", "best.safetensors"]) {
      expect(bytes(a, name).equals(bytes(b, name)), name).toBe(true);
    }
  };

  beforeAll(async () => {
    mkdirSync(DATA);
    writeFileSync(
      join(DATA, "0.png"),
      await sharp(PHOTO).extract({ left: 0, top: 0, width: 240, height: 200 }).png().toBuffer(),
    );
    const { code, stderr } = await train("whole", SMALL);
    expect(code, stderr).toBe(0);
  });

  it("writes weights that estimate takes, a log and curves", async () => {
    expect(readdirSync(cli.file("whole")).sort()).toEqual([
      "best.safetensors",
      "checkpoint.safetensors",
      "config.json",
      "curves.svg",
      "log.jsonl",
      "samples.f32",
    ]);
    expect(bytes("whole", "log.jsonl").toString().trim().split("\n")).toHaveLength(3);
    const file = join(cli.file("whole"), "best.safetensors");
    const run = await estimate(file, "--json");
    const { weights } = JSON.parse(run.stdout);
    expect(weights.metadata).toMatchObject({ scale: "2", samples: "70", steps: "3", step: "3" });
    const wrong = await estimate(file, "--scale", "4");
    expect(wrong.stderr).toMatch(/is for ×2, not ×4: give --scale 2, or other weights\.\n$/);
  });

  it("begins with given weights, and validates on photos held out", async () => {
    const two = cli.file("two-photos");
    mkdirSync(two);
    for (const name of ["0.png", "1.png"]) copyFileSync(join(DATA, "0.png"), join(two, name));
    const init = join(cli.file("whole"), "best.safetensors");
    const options = ["--spectral-weights", init, "--hold-out", "2", "--validate-every", "2", "--seed", "1"];
    const { code, stderr } = await train("held-out", [...SMALL, "--data", two, ...options]);
    expect(code, stderr).toBe(0);
    expect(stderr).toContain("Images: 2 to learn from, 1 for validation, 0 left out.");
    const log = bytes("held-out", "log.jsonl").toString().trim().split("\n");
    const validations = log.map((line) => JSON.parse(line)).filter((entry) => "validation" in entry);
    expect(validations.map(({ step }) => step)).toEqual([2, 3]);
    expect(validations[0].validation.kernelPsnr).toBeGreaterThan(10);
  });

  it("has a checkpoint that estimate takes for the same network", async () => {
    const kernel = async (name: string): Promise<unknown> => {
      const path = join(cli.file("whole"), `${name}.safetensors`);
      const run = await estimate(path, "--json");
      return JSON.parse(run.stdout).kernel;
    };
    expect(await kernel("checkpoint")).toEqual(await kernel("best"));
  });

  it("goes on to the bit from a part of the measurements, of which the last is torn", async () => {
    // The first checkpoint holds no step; the measurements come before it.
    expect((await train("torn", SMALL, { killAt: "70 images measured" })).code).toBeNull();
    truncateSync(join(cli.file("torn"), "samples.f32"), 30 * SAMPLE_BYTES - 100);
    const { code, stderr } = await train("torn", ["--resume"]);
    expect(code, stderr).toBe(0);
    expectSame("torn", "whole");
  });

  it("goes on to the bit from a checkpoint, without measuring again", async () => {
    expect((await train("killed", SMALL, { killAt: "Step 1 of" })).code).toBeNull();
    const { code, stderr } = await train("killed", ["--resume"]);
    expect(code, stderr).toBe(0);
    expect(stderr).not.toContain("measured");
    expectSame("killed", "whole");
  });

  it("keeps a checkpoint where it is stopped, and says so", async () => {
    const long = ["--samples", "70", "--steps", "100000", "--checkpoint-every", "20"];
    const { code, stderr } = await train("stopped", long, { interruptAt: "Step 20 of" });
    expect(code).toBe(130);
    const [, step] =
      stderr.match(/Stopped at step (\d+), which the checkpoint holds; .* --resume --out .*\n$/) ?? [];
    expect(Number(step)).toBeGreaterThanOrEqual(20);
    expect(parseSafetensors(bytes("stopped", "checkpoint.safetensors")).metadata.step).toBe(step);
  });

  it("keeps the measurements where it is stopped among them, and says so", async () => {
    const long = ["--samples", "5000", "--steps", "3"];
    const { code, stderr } = await train("early", long, { interruptAt: "Images: 1 to learn from" });
    expect(code).toBe(130);
    const [, count] = stderr.match(/Stopped; the (\d+) of 5000 images measured are kept; .* --resume/) ?? [];
    expect(Number(count)).toBeGreaterThan(0);
    expect(bytes("early", "samples.f32")).toHaveLength(Number(count) * SAMPLE_BYTES);
  });

  it("refuses a run that is there already, none to resume, and other options than it began with", async () => {
    for (const [out, more, exit, message] of [
      ["whole", SMALL, 1, /holds a run already: continue it with --resume/],
      ["whole", ["--resume", "--seed", "5"], 2, /was begun with --seed 0, not 5/],
      ["whole", ["--resume", "--steps", "5"], 2, /set --steps at the start; it cannot change on resume/],
      ["nothing", ["--resume"], 1, /holds no run to resume/],
      ["nothing", ["--batch", "6"], 2, /--batch is a multiple of 4; got 6/],
      ["nothing", ["--samples", "63"], 2, /--samples 63 is less than a batch of 64/],
    ] as const) {
      const { code, stderr } = await train(out, more);
      expect(code, stderr).toBe(exit);
      expect(stderr).toMatch(message);
    }
    expect(existsSync(cli.file("nothing"))).toBe(false);
  });
});
