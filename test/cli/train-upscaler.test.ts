import { cpSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
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
  const args = ["train", "upscaler", "--data", DATA, "--out", cli.file(out), "--checkpoint-every", "2"];
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

describe("train upscaler", () => {
  it("writes weights that upscale takes, a log and a checkpoint, and goes on to the bit", async () => {
    const { code, stdout, stderr } = await train("whole", [...SMALL, "--steps", "8"]);
    expect(code, stderr).toBe(0);
    expect(stdout).toContain("best.safetensors");
    expect(readdirSync(cli.file("whole")).sort()).toEqual([
      "best.safetensors",
      "checkpoint.safetensors",
      "config.json",
      "curves.svg",
      "log.jsonl",
    ]);
    const file = parseSafetensors(bytes("whole", "best.safetensors"));
    expect(configOf(file)).toMatchObject({ firstGuess: "fourier", hyper: "polynomial" });
    expect(file.metadata).toMatchObject({ format: "usrnet", seed: "0", step: "8", steps: "8" });

    expect((await train("broken", [...SMALL, "--steps", "8"], { killAt: "Step 4 of" })).code).toBeNull();
    expect((await train("broken", ["--resume"])).code).toBe(0);
    for (const name of ["checkpoint.safetensors", "best.safetensors"]) {
      expect(bytes("broken", name).equals(bytes("whole", name)), name).toBe(true);
    }
    expect(bytes("whole", "curves.svg").toString()).toContain("×2");

    const weights = join(cli.file("whole"), "best.safetensors");
    const kernel = cli.file("kernel.json");
    writeFileSync(kernel, JSON.stringify({ kernel: [[1]] }));
    const [photo, out] = ["photo.png", "upscaled.png"].map(cli.file);
    await sharp(join(DATA, "0.png")).extract({ left: 0, top: 0, width: 40, height: 32 }).toFile(photo);
    const args = ["upscale", photo, "--kernel", kernel, "--orientation", "correlation"];
    const run = await cli.run([...args, "--model", "usrnet", "--upscaler-weights", weights, "--out", out]);
    expect(run.code, run.stderr).toBe(0);
    expect(await sharp(out).metadata()).toMatchObject({ width: 80, height: 64 });
  });

  it("begins with another network's weights", async () => {
    const init = join(cli.file("whole"), "best.safetensors");
    const { code, stderr } = await train("again", [
      ...SMALL,
      "--steps",
      "1",
      "--rate",
      "1e-9",
      "--upscaler-weights",
      init,
    ]);
    expect(code, stderr).toBe(0);
    const [before, after] = ["whole", "again"].map((out) => parseSafetensors(bytes(out, "best.safetensors")));
    const values = (file: typeof before) => file?.tensors.get("p.m_tail.weight")?.data ?? new Float32Array();
    const moved = values(after).map((value, i) => Math.abs(value - (values(before)[i] as number)));
    expect(Math.max(...moved)).toBeLessThan(1e-8);
    expect(after?.metadata).toMatchObject({ step: "1", init: expect.stringMatching(/^[0-9a-f]{64}$/) });
  });

  it("measures with the images held out, and keeps the best", async () => {
    const both = cli.file("both");
    mkdirSync(both);
    for (const name of ["a", "b"]) cpSync(join(DATA, "0.png"), join(both, `${name}.png`));
    const validation = ["--hold-out", "2", "--validate-every", "1"];
    const args = ["train", "upscaler", "--data", both, "--out", cli.file("validated"), "--steps", "2"];
    const { code, stdout, stderr } = await cli.run([...args, ...SMALL, ...validation]);
    expect(code, stderr).toBe(0);
    expect(stdout).toMatch(/best .*best\.safetensors, of step [12]: PSNR \d+\.\d\d dB/);
    expect(bytes("validated", "curves.svg").toString()).toContain("PSNR in dB");
    const entries = bytes("validated", "log.jsonl")
      .toString()
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line));
    expect(entries.filter((entry) => "validation" in entry).map(({ step }) => step)).toEqual([1, 2]);
  });

  it("refuses a run that is there already, none to resume, and other settings", async () => {
    expect((await train("done", [...SMALL, "--steps", "1"])).code).toBe(0);
    for (const [out, more, exit, message] of [
      ["done", ["--steps", "2"], 1, /holds a run already: continue it with --resume/],
      ["done", ["--steps", "3", "--resume"], 2, /set --steps at the start; it cannot change on resume/],
      ["done", ["--batch", "3", "--resume"], 2, /was begun with --batch 1, not 3: leave the option out/],
      ["nothing", ["--resume"], 1, /holds no run to resume/],
      ["odd", ["--steps", "1", "--size", "48"], 2, /--size is a multiple of 32; got 48/],
    ] as const) {
      const { code, stderr } = await train(out, more);
      expect(code, stderr).toBe(exit);
      expect(stderr).toMatch(message);
    }
    expect(readdirSync(cli.file("."))).not.toContain("nothing");
    expect(readdirSync(cli.file("."))).not.toContain("odd");
    expect(await train("done", ["--resume"])).toMatchObject({
      code: 0,
      stdout: expect.stringContaining("has taken its 1 steps already"),
    });
  });

  it("does not resume the run of another network", async () => {
    const args = ["train", "gan", "--resume", "--out", cli.file("done")];
    const { code, stderr } = await cli.run(args);
    expect({ code, stderr }).toEqual({
      code: 1,
      stderr: expect.stringMatching(/a run of train upscaler, not of train gan: [^\n]+\n$/),
    });
  });
});
