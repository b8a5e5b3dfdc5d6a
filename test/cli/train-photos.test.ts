import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import sharp from "sharp";
import { beforeAll, describe, expect, it } from "vitest";
import { guidedConfigOf } from "../../src/model/guided/layout.js";
import { parseSafetensors } from "../../src/weights/safetensors.js";
import { type CliOptions, useCli } from "../support/cli.js";
import { sampleShard } from "../support/sample-shard.js";

const cli = useCli();
const SAMPLES = cli.file("samples");
const HELD_OUT = cli.file("held-out");
const SIZE = { height: 18, width: 20, scale: 2 };

/** A small run, whose last steps have larger patches. */
const SMALL = ["--batch", "2", "--patch", "16", "--late-patch", "18", "--channels", "4", "--warm-up", "2"];

function train(out: string, more: readonly string[] = [], options?: CliOptions) {
  const args = ["train", "photos", "--data", SAMPLES, "--out", cli.file(out), "--checkpoint-every", "2"];
  return cli.run([...args, ...more], options);
}

const bytes = (out: string, name: string): Buffer => readFileSync(join(cli.file(out), name));

beforeAll(() => {
  for (const [folder, count] of [
    [SAMPLES, 3],
    [HELD_OUT, 2],
  ] as const) {
    mkdirSync(folder);
    writeFileSync(join(folder, "000000.safetensors"), sampleShard(count, SIZE));
  }
});

describe("train photos", () => {
  const WHOLE = [
    ...SMALL,
    "--blocks",
    "1,1",
    "--steps",
    "6",
    "--held-out",
    HELD_OUT,
    "--validate-every",
    "3",
  ];

  it("writes weights that upscale takes, a log with validations, and goes on to the bit", async () => {
    const { code, stdout, stderr } = await train("whole", WHOLE);
    expect(code, stderr).toBe(0);
    expect(stderr).toContain("Samples: 3 to learn from, 2 for validation, 0 left out.");
    expect(stdout).toMatch(/best .*best\.safetensors, of step [36]: Y-PSNR \d+\.\d\d dB/);
    expect(readdirSync(cli.file("whole")).sort()).toEqual([
      "best.safetensors",
      "checkpoint.safetensors",
      "config.json",
      "curves.svg",
      "log.jsonl",
    ]);
    const file = parseSafetensors(bytes("whole", "best.safetensors"));
    expect(guidedConfigOf(file)).toEqual({ scale: 2, channels: 4, blocks: [1, 1] });
    expect(file.metadata).toMatchObject({ format: "guided-upscaler", seed: "0", steps: "6", patch: "16" });
    const log = bytes("whole", "log.jsonl").toString().trim().split("\n");
    const validations = log.map((line) => JSON.parse(line)).filter((entry) => "validation" in entry);
    expect(validations.map(({ step }) => step)).toEqual([3, 6]);
    expect(validations[1].validation.bicubic).toBeGreaterThan(5);

    expect((await train("broken", WHOLE, { killAt: "Step 4 of" })).code).toBeNull();
    const resumed = await train("broken", ["--resume"]);
    expect(resumed.code, resumed.stderr).toBe(0);
    for (const name of ["checkpoint.safetensors", "best.safetensors"]) {
      expect(bytes("broken", name).equals(bytes("whole", name)), name).toBe(true);
    }

    const photo = cli.file("photo.png");
    const pixels = { width: 40, height: 32, channels: 3, background: "teal" } as const;
    writeFileSync(photo, await sharp({ create: pixels }).png().toBuffer());
    const weights = join(cli.file("whole"), "best.safetensors");
    const kernel = cli.file("kernel.json");
    writeFileSync(kernel, JSON.stringify({ kernel: [[1]] }));
    const out = cli.file("upscaled.png");
    const args = ["upscale", photo, "--kernel", kernel, "--orientation", "correlation", "--out", out];
    const run = await cli.run([...args, "--model", "small", "--upscaler-weights", weights]);
    expect(run.code, run.stderr).toBe(0);
    expect(await sharp(out).metadata()).toMatchObject({ width: 80, height: 64 });
  });

  it("begins with the weights of a network with fewer blocks", async () => {
    const one = await train("one", [...SMALL, "--blocks", "1", "--steps", "2"]);
    expect(one.code, one.stderr).toBe(0);
    const init = join(cli.file("one"), "best.safetensors");
    const more = ["--blocks", "1,1", "--steps", "1", "--rate", "1e-9", "--upscaler-weights", init];
    const { code, stderr } = await train("two", [...SMALL, ...more]);
    expect(code, stderr).toBe(0);
    const [before, after] = ["one", "two"].map((out) => parseSafetensors(bytes(out, "best.safetensors")));
    const valuesOf = (file: typeof before, name: string) =>
      file?.tensors.get(name)?.data ?? new Float32Array();
    for (const name of ["head.weight", "conditions_in.weight"]) {
      const old = valuesOf(before, name);
      const moved = valuesOf(after, name).map((value, i) => Math.abs(value - (old[i] as number)));
      expect(Math.max(...moved), name).toBeLessThan(1e-7);
    }
    const other = await train("other", [...SMALL, "--blocks", "2", "--upscaler-weights", init]);
    expect(other.code).toBe(1);
    expect(other.stderr).toMatch(
      /blocks 1, with which one for ×2 with 4 channels and blocks 2 does not begin/,
    );
  });

  it("refuses samples of another scale, patches that are too large, and other samples on resume", async () => {
    for (const [out, more, exit, message] of [
      ["other-scale", [...SMALL, "--scale", "4"], 1, /samples for ×2, not ×4: give --scale 2/],
      ["large", ["--patch", "32"], 1, /smaller than a patch: give --patch and --late-patch of at most 18/],
      ["tiny", ["--patch", "12"], 2, /Give a whole number from 16 to 512/],
      [
        "blocks",
        ["--blocks", "1,0"],
        2,
        /Give a comma-separated list of whole numbers from 1 to 512, such as 6,1/,
      ],
      [
        "whole",
        ["--resume", "--data", HELD_OUT],
        1,
        /begun with other samples than those in .*: give the same samples/,
      ],
      ["whole", ["--resume", "--blocks", "2"], 2, /was begun with --blocks 1,1, not 2/],
      ["photos", ["--data", cli.file(".")], 1, /has no samples: give a folder/],
    ] as const) {
      const { code, stderr } = await train(out, more);
      expect(code, stderr).toBe(exit);
      expect(stderr).toMatch(message);
    }
    expect(readdirSync(cli.file("."))).not.toContain("large");
  });
});
