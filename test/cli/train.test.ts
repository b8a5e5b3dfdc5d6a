import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { PNG } from "pngjs";
import { beforeAll, describe, expect, it } from "vitest";
import { RandomStream } from "../../src/engine/random.js";
import { discriminatorInitialization } from "../../src/model/gan/discriminator-initialization.js";
import { generatorInitialization } from "../../src/model/gan/generator-initialization.js";
import { lockFolder } from "../../src/node/files/folder-lock.js";
import { parseSafetensors, serializeSafetensors } from "../../src/weights/safetensors.js";
import { type CliOptions, useCli } from "../support/cli.js";
import { randomSeed } from "../support/seed.js";

const cli = useCli();
const DATA = cli.file("data");
const SIZE = 200;

/** A picture with edges and texture, another one for each number. */
function picture(number: number, size = SIZE): Buffer {
  const png = new PNG({ width: size, height: size });
  for (let i = 0; i < size * size; i++) {
    const [x, y] = [i % size, Math.floor(i / size)];
    const level = 60 + ((x * x + (number + 3) * y * x + 7 * y) % 50) + ((x + number * y) % 90 > 45 ? 100 : 0);
    png.data.set([level, level, level, 255], 4 * i);
  }
  return PNG.sync.write(png, { colorType: 2 });
}

/** A small run: few inner steps, and something is written at every step. */
function train(out: string, more: readonly string[] = [], options?: CliOptions) {
  const small = ["--evaluations", "1,2", "--log-every", "1", "--checkpoint-every", "2", "--hold-out", "0"];
  return cli.run(["train", "gan", "--data", DATA, "--out", cli.file(out), ...small, ...more], options);
}

function resume(out: string, more: readonly string[] = [], options?: CliOptions) {
  return cli.run(["train", "gan", "--resume", "--out", cli.file(out), ...more], options);
}

const bytes = (out: string, name = "checkpoint.safetensors"): Buffer =>
  readFileSync(join(cli.file(out), name));
const copy = (from: string, to: string): void => cpSync(cli.file(from), cli.file(to), { recursive: true });

/** The lines of a log without times. */
function log(out: string): Record<string, unknown>[] {
  const text = bytes(out, "log.jsonl").toString();
  expect(text).toMatch(/\n$/);
  return text
    .trimEnd()
    .split("\n")
    .map((line) => {
      const { seconds: _, millisecondsPerStep: __, ...rest } = JSON.parse(line);
      return rest;
    });
}

/** Every file of a run, to see that nothing was changed. */
const everything = (out: string): Record<string, string> =>
  Object.fromEntries(readdirSync(cli.file(out)).map((name) => [name, bytes(out, name).toString("base64")]));

beforeAll(async () => {
  mkdirSync(DATA);
  for (const number of [0, 1, 2]) writeFileSync(join(DATA, `${number}.png`), picture(number));
  const { code, stderr } = await train("whole", ["--steps", "6"]);
  expect(code, stderr).toBe(0);
});

describe("train gan", () => {
  it("writes configuration, log, curves and an initialization that estimate takes", async () => {
    expect(readdirSync(cli.file("whole")).sort()).toEqual([
      "best.safetensors",
      "checkpoint.safetensors",
      "config.json",
      "curves.svg",
      "log.jsonl",
    ]);
    const lines = log("whole");
    expect(lines.map(({ step }) => step)).toEqual([1, 2, 3, 4, 5, 6]);
    expect(lines[0]?.losses).toHaveLength(2);
    expect(lines[0]?.multiplyAddsPerStep).toBeGreaterThan(1e8);
    expect(JSON.parse(bytes("whole", "config.json").toString())).toMatchObject({
      version: expect.stringMatching(/^\d/),
      adapter: { name: expect.any(String) },
      data: [DATA],
      images: 3,
      training: "gan",
      settings: { seed: 0, evaluations: [1, 2], files: expect.stringMatching(/^[0-9a-f]{64}$/) },
      schedule: { steps: 6 },
    });
    const weights = join(cli.file("whole"), "checkpoint.safetensors");
    const args = ["estimate", join(DATA, "0.png"), "--steps", "1", "--init", weights, "--json"];
    expect((await cli.run(args)).code).toBe(0);
  });

  it("goes on to the bit as an unbroken run would, with a torn log and left-over files", async () => {
    expect((await train("broken", ["--steps", "3"])).code).toBe(0);
    // As if killed while the line of a later step was written.
    writeFileSync(join(cli.file("broken"), "log.jsonl"), '{"step":4,"losses":[]}\n{"step":5,"lo', {
      flag: "a",
    });
    writeFileSync(join(cli.file("broken"), ".mkg-01234567-1-1-0123456789ab.tmp"), "half");
    const { code, stderr } = await resume("broken", ["--steps", "6"]);
    expect(code, stderr).toBe(0);
    expect(bytes("broken").equals(bytes("whole"))).toBe(true);
    expect(log("broken")).toEqual(log("whole"));
    expect(readdirSync(cli.file("broken")).sort()).toEqual(readdirSync(cli.file("whole")).sort());
  });

  it("loses nothing before the last checkpoint, however often it is killed", async () => {
    const begin = ["--steps", "6", "--checkpoint-every", "1"];
    const first = await train("killed", begin, { killAt: "Step 2 of" });
    expect(first.code).toBeNull();
    // At random times, so that also starting and writing are hit.
    const random = new RandomStream(randomSeed(), 0);
    for (let kill = 1; kill < 20; kill++) await resume("killed", [], { killAfter: 2500 * random.uniform() });
    const { code, stderr } = await resume("killed");
    expect(code, stderr).toBe(0);
    expect(bytes("killed").equals(bytes("whole"))).toBe(true);
    expect(log("killed")).toEqual(log("whole"));
    expect(readdirSync(cli.file("killed")).filter((name) => name.startsWith("."))).toEqual([]);
  });

  it("refuses a run that another process is at", async () => {
    const unlock = await lockFolder(cli.file("whole"));
    // In a process of its own: the lock is this one's.
    const { code, stderr } = await resume("whole", ["--steps", "7"], {});
    await unlock();
    expect(code).toBe(1);
    expect(stderr).toContain(`in use by process ${process.pid}: wait for it or stop it`);
    expect(log("whole")).toHaveLength(6);
  });

  it("keeps others away from the moment when its run appears", async () => {
    let release = (): void => {};
    // Not before the other was refused, who tries for seconds.
    const interruptWhen = new Promise<void>((resolve) => {
      release = resolve;
    });
    const first = train("shared", ["--steps", "2000"], { interruptWhen });
    while (!existsSync(cli.file("shared/config.json")))
      await new Promise((resolve) => setTimeout(resolve, 5));
    await expect(lockFolder(cli.file("shared"))).rejects.toThrow("in use by process");
    release();
    expect((await first).stderr).toContain("Stopped at step");
    await (await lockFolder(cli.file("shared")))();
  });

  it("writes a checkpoint at Ctrl-C, and says how to go on", async () => {
    const { code, stdout, stderr } = await train("stopped", ["--steps", "1000"], {
      interruptAt: "Step 2 of",
    });
    expect({ code, stdout }).toEqual({ code: 130, stdout: "" });
    const [, step] = stderr.match(/Stopped at step (\d+), .* --resume --out .*\n$/) ?? [];
    expect(Number(step)).toBeGreaterThanOrEqual(2);
    expect(parseSafetensors(bytes("stopped")).metadata.step).toBe(step);
    expect((await resume("stopped", ["--steps", "6"])).code).toBe(0);
    expect(log("stopped").slice(0, 6)).toEqual(log("whole").slice(0, log("stopped").length));
  });

  it("measures with the images held out, and keeps the best", async () => {
    const options = ["--steps", "2", "--hold-out", "3", "--validate-every", "1", "--validate-steps", "1"];
    const { code, stdout } = await train("validated", options);
    expect({ code, stdout }).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(/best .*, of step [12]: kernel PSNR \d+\.\d\d dB/),
    });
    const validations = log("validated").filter((line) => "validation" in line);
    expect(validations.map(({ step }) => step)).toEqual([1, 2]);
    expect(validations[0]?.validation).toMatchObject({ failed: 0, kernelPsnr: expect.any(Number) });
    expect(bytes("validated", "curves.svg").toString()).toContain("kernel PSNR in dB");
    const best = parseSafetensors(bytes("validated", "best.safetensors"));
    expect(best.metadata.step).toMatch(/^[12]$/);
    // An initialization, without the state of the training.
    expect([...best.tensors.keys()].filter((name) => name.startsWith("adam."))).toEqual([]);
  });

  it("trains the baseline without an inner loop, from weights, on several tasks a step", async () => {
    const weights = join(cli.file("whole"), "checkpoint.safetensors");
    const options = ["--outer-step", "dataset", "--init", weights, "--steps", "2", "--batch", "2"];
    const args = [
      "train",
      "gan",
      "--data",
      DATA,
      "--out",
      cli.file("dataset"),
      "--hold-out",
      "0",
      ...options,
    ];
    const { code, stderr } = await cli.run([...args, "--log-every", "1"]);
    expect(code, stderr).toBe(0);
    expect(log("dataset").map(({ losses }) => (losses as unknown[]).length)).toEqual([1, 1]);
  });
});

describe("a run from other initializations", () => {
  it("begins with a generator of Gaussians, and can let the discriminator alone learn", async () => {
    const weights = join(cli.file("whole"), "checkpoint.safetensors");
    const options = ["--init", weights, "--generator", "gaussians", "--learn", "discriminator"];
    const { code, stderr } = await train("gaussians", ["--steps", "1", ...options]);
    expect(code, stderr).toBe(0);
    const after = parseSafetensors(bytes("gaussians")).tensors;
    const before = parseSafetensors(bytes("whole")).tensors;
    const same = (name: string, values: Float32Array | undefined): boolean =>
      after.get(name)?.data.every((value, i) => value === values?.[i]) ?? false;
    for (const [name, values] of generatorInitialization()) expect(same(name, values), name).toBe(true);
    const layer = "discriminator.conv.3.weight_orig";
    expect(same(layer, before.get(layer)?.data)).toBe(false);
    expect(after.get(layer)?.data[0]).toBeCloseTo(before.get(layer)?.data[0] as number, 3);
  });
});

describe("a run that teaches the discriminator blur", () => {
  const blur = (out: string, more: readonly string[] = [], options?: CliOptions) => {
    const often = ["--log-every", "1", "--checkpoint-every", "1", "--hold-out", "0", "--batch", "2"];
    const args = [
      "train",
      "gan",
      "--data",
      DATA,
      "--out",
      cli.file(out),
      "--outer-step",
      "blur",
      ...often,
      ...more,
    ];
    return cli.run(args, options);
  };
  beforeAll(async () => {
    const { code, stderr } = await blur("blur", ["--steps", "3"]);
    expect(code, stderr).toBe(0);
  });

  it("begins with oriented filters, keeps the Gaussian generator, and logs what is misread", () => {
    const { tensors, metadata } = parseSafetensors(bytes("blur"));
    expect(metadata["inner-loop"]).toBe("steady");
    for (const [name, values] of generatorInitialization())
      expect(tensors.get(name)?.data, name).toEqual(values);
    const start = discriminatorInitialization(0);
    const filters = "discriminator.conv.0.weight_orig";
    const moved = (name: string): number =>
      Math.max(
        ...(start.get(name) ?? []).map((value, i) => Math.abs(value - (tensors.get(name)?.data[i] ?? 0))),
      );
    expect(moved(filters)).toBeGreaterThan(0);
    expect(moved(filters)).toBeLessThan(0.01);
    expect(moved("discriminator.conv.6.weight_orig")).toBe(0);
    const lines = log("blur");
    expect(lines.map(({ step }) => step)).toEqual([1, 2, 3]);
    for (const { losses } of lines) {
      const [{ width, lean }] = losses as [{ width: number; lean: number }];
      expect(width).toBeGreaterThan(0);
      expect(lean).toBeGreaterThan(0);
    }
    expect(bytes("blur", "curves.svg").toString()).toContain("lean of the blur");
  });

  it("goes on exactly where it was killed", async () => {
    await blur("cut", ["--steps", "3"], { killAt: "Step 1 of" });
    const { code, stderr } = await resume("cut");
    expect(code, stderr).toBe(0);
    expect(bytes("cut").equals(bytes("blur"))).toBe(true);
    expect(log("cut")).toEqual(log("blur"));
  });

  it("cannot change its steps on resume, since its rate follows from them", async () => {
    await blur("fixed", ["--steps", "3"], { killAt: "Step 1 of" });
    const { code, stderr } = await resume("fixed", ["--steps", "5"]);
    expect(code).toBe(2);
    expect(stderr).toMatch(/--steps 3, not 5, .* set --steps at the start; it cannot change on resume\.\n$/);
    expect(await resume("fixed", ["--steps", "3"])).toMatchObject({ code: 0 });
    expect(bytes("fixed").equals(bytes("blur"))).toBe(true);
  });

  it("hands its loop on to a meta-training that begins with it, which learns by that loop", async () => {
    const { tensors, metadata } = parseSafetensors(bytes("blur"));
    writeFileSync(
      cli.file("paper.safetensors"),
      serializeSafetensors({ tensors, metadata: { ...metadata, "inner-loop": "paper" } }),
    );
    const from = async (out: string, init: string) => {
      const { code, stderr } = await train(out, ["--steps", "1", "--init", init]);
      expect(code, stderr).toBe(0);
      return parseSafetensors(bytes(out));
    };
    const steady = await from("meta-steady", join(cli.file("blur"), "checkpoint.safetensors"));
    const paper = await from("meta-paper", cli.file("paper.safetensors"));
    expect([steady, paper].map((file) => file.metadata["inner-loop"])).toEqual(["steady", "paper"]);
    const layer = "discriminator.conv.3.weight_orig";
    expect(steady.tensors.get(layer)?.data).not.toEqual(paper.tensors.get(layer)?.data);
    expect((await resume("meta-steady", ["--steps", "2"])).code).toBe(0);
    expect(parseSafetensors(bytes("meta-steady")).metadata).toMatchObject({
      "inner-loop": "steady",
      step: "2",
    });
  });

  it("names the loop of estimates from its initialization", async () => {
    const kernel = async (weights: string): Promise<unknown> => {
      const args = ["estimate", join(DATA, "0.png"), "--init", weights, "--steps", "2", "--json"];
      return JSON.parse((await cli.run(args)).stdout).kernel;
    };
    const { tensors } = parseSafetensors(bytes("blur"));
    const other = cli.file("paper-loop.safetensors");
    writeFileSync(other, serializeSafetensors({ tensors, metadata: {} }));
    const own = join(cli.file("blur"), "checkpoint.safetensors");
    expect(await kernel(own)).not.toEqual(await kernel(other));
    writeFileSync(other, serializeSafetensors({ tensors, metadata: { "inner-loop": "unheard-of" } }));
    const { code, stderr } = await cli.run(["estimate", join(DATA, "0.png"), "--init", other]);
    expect(code).toBe(1);
    expect(stderr).toMatch(
      /inner loop "unheard-of", which this version does not know: update metakernelgan\.\n$/,
    );
  });

  it.each([
    { options: ["--evaluations", "1,2"], message: /--outer-step blur has no inner loop/ },
    { options: ["--kernel-pixels", "off"], message: /--outer-step blur has no meta-losses/ },
    { options: ["--learn", "both"], message: /--outer-step blur teaches the discriminator alone/ },
  ])("does not go with $options", async ({ options, message }) => {
    const { code, stderr } = await blur("never", options);
    expect(code).toBe(2);
    expect(stderr).toMatch(message);
    expect(existsSync(cli.file("never"))).toBe(false);
  });
});

describe("training that cannot go well", () => {
  it("stops where the numbers are not finite, and keeps the last checkpoint", async () => {
    const { tensors, metadata } = parseSafetensors(bytes("whole"));
    const huge = new Map(tensors);
    for (const [name, { shape, data }] of tensors) {
      if (name.startsWith("generator")) huge.set(name, { shape, data: data.map(() => 1e30) });
    }
    writeFileSync(cli.file("huge.safetensors"), serializeSafetensors({ tensors: huge, metadata }));
    const { code, stderr } = await train("diverged", [
      "--steps",
      "4",
      "--init",
      cli.file("huge.safetensors"),
    ]);
    expect(code).toBe(1);
    expect(stderr).toMatch(
      /diverged: at step 1 the \w+ loss is .*checkpoint\.safetensors, of step 0: [^\n]+\n$/,
    );
    expect(parseSafetensors(bytes("diverged")).metadata.step).toBe("0");
  });

  it("leaves out images that cannot be used, and counts them", async () => {
    const mixed = cli.file("mixed");
    mkdirSync(join(mixed, "within"), { recursive: true });
    writeFileSync(join(mixed, "good.png"), picture(0));
    writeFileSync(join(mixed, "small.png"), picture(1, 100));
    writeFileSync(join(mixed, "text.png"), "no picture");
    writeFileSync(join(mixed, "notes.txt"), "nor this");
    writeFileSync(join(mixed, "within", "deep.png"), picture(2));
    const args = [
      "train",
      "gan",
      "--data",
      mixed,
      "--out",
      cli.file("some"),
      "--steps",
      "1",
      "--evaluations",
      "1",
    ];
    const { code, stderr } = await cli.run(args);
    expect(code, stderr).toBe(0);
    expect(stderr).toContain("Images: 1 to learn from, 0 for validation, 2 left out.");
    expect(stderr).toMatch(/Left out: .*small\.png is smaller than 192×192: 100×100/);
    expect(stderr).toMatch(/Left out: .*text\.png is not an image/);
    expect(stderr).not.toContain("notes");
  });

  it.each([
    ["a folder without images", "hollow", "no images"],
    ["a folder that is not there", "missing", "no such folder"],
    ["a file", "data/0.png", "it is not a folder"],
    ["images that are all too small", "tiny", "None of the 1 files"],
  ])("is refused with the reason: %s", async (_what, data, message) => {
    mkdirSync(cli.file("hollow"), { recursive: true });
    mkdirSync(cli.file("tiny"), { recursive: true });
    writeFileSync(join(cli.file("tiny"), "a.png"), picture(0, 64));
    const { code, stdout, stderr } = await cli.run([
      "train",
      "gan",
      "--data",
      cli.file(data),
      "--out",
      cli.file("no"),
    ]);
    expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
    expect(stderr).toContain(message);
    expect(existsSync(cli.file("no"))).toBe(false);
  });
});

describe("train", () => {
  it.each([
    [[], /the network is missing; train is followed by one of gan, upscaler, photos, spectral, /i],
    [["gam"], /unknown network 'gam'; train is followed by one of gan, upscaler, photos, spectral, /i],
    [["--data", "photos"], /unknown option '--data'/i],
  ])("with %j says what there is to train", async (args, message) => {
    const { code, stdout, stderr } = await cli.run(["train", ...args]);
    expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
    expect(stderr).toMatch(/^metakernelgan: [^\n]+\n$/);
    expect(stderr).toMatch(message);
  });

  it("lists the networks, and each one's options", async () => {
    const { code, stdout } = await cli.run(["train", "--help"]);
    expect(code).toBe(0);
    for (const name of ["gan", "upscaler", "photos", "spectral"]) {
      expect(stdout).toMatch(new RegExp(`^  ${name} \\[options\\] `, "m"));
      const help = await cli.run(["train", name, "--help"]);
      expect(help.code).toBe(0);
      for (const option of ["data", "out", "resume", "steps", "seed", "rate", "batch", "checkpoint-every"])
        expect(help.stdout, name).toMatch(new RegExp(`^  --${option}\\b`, "m"));
    }
  });
});

describe("run folders that do not fit", () => {
  const checkpoint = (out: string) => join(cli.file(out), "checkpoint.safetensors");
  const edited = (out: string, change: Record<string, string>): void => {
    const { tensors, metadata } = parseSafetensors(bytes(out));
    writeFileSync(checkpoint(out), serializeSafetensors({ tensors, metadata: { ...metadata, ...change } }));
  };

  it.each<[string, number, string, readonly string[], (out: string) => void]>([
    [
      "a checkpoint that was cut",
      1,
      "cut short",
      [],
      (out) => writeFileSync(checkpoint(out), bytes(out).subarray(0, 9000)),
    ],
    ["a checkpoint that is gone", 1, "no such file", [], (out) => rmSync(checkpoint(out))],
    [
      "a checkpoint of another version",
      1,
      "of version 0.0.1",
      [],
      (out) => edited(out, { version: "0.0.1" }),
    ],
    ["a checkpoint of another run", 1, "does not belong", [], (out) => edited(out, { run: "other" })],
    ["a checkpoint without a step", 1, "training step", [], (out) => edited(out, { step: "" })],
    [
      "a damaged configuration",
      1,
      "damaged",
      [],
      (out) => writeFileSync(join(cli.file(out), "config.json"), "{"),
    ],
    ["another seed", 2, "--seed 0, not 1", ["--seed", "1"], () => {}],
    ["other evaluations", 2, "--evaluations 1,2, not 1,3", ["--evaluations", "1,3"], () => {}],
    ["another rate", 2, "--rate 0.0001, not 0.01", ["--rate", "0.01"], () => {}],
    ["another ablation", 2, "--kernel-pixels on, not off", ["--kernel-pixels", "off"], () => {}],
    ["another initialization", 2, "leave --init out", ["--init", "x.safetensors"], () => {}],
    [
      "other images",
      1,
      "other images",
      ["--data", cli.file("other")],
      () => {
        mkdirSync(cli.file("other"));
        writeFileSync(join(cli.file("other"), "0.png"), picture(7));
      },
    ],
  ])("gives one line about %s, and changes nothing", async (what, exit, message, more, damage) => {
    const out = what.replaceAll(" ", "-");
    copy("whole", out);
    damage(out);
    const before = everything(out);
    const { code, stdout, stderr } = await resume(out, ["--steps", "9", ...more]);
    expect({ code, stdout }, stderr).toEqual({ code: exit, stdout: "" });
    expect(stderr).toMatch(/^metakernelgan: [^\n]+\n$/);
    expect(stderr).toContain(message);
    expect(everything(out)).toEqual(before);
  });

  it.each<[string, string, () => ReturnType<typeof train>]>([
    ["a run that is there already", "--resume", () => train("whole")],
    ["a folder with other files", "not empty", () => train("data")],
    ["a file instead of a folder", "is a file", () => train("data/0.png")],
    ["--resume without a run", "no run to resume", () => resume("nothing")],
  ])("gives one line about %s", async (_what, message, run) => {
    const { code, stdout, stderr } = await run();
    expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
    expect(stderr).toMatch(/^metakernelgan: [^\n]+\n$/);
    expect(stderr).toContain(message);
  });

  it.each([
    ["no images", ["--out", "x"], "--data"],
    ["evaluations that go back", ["--data", "x", "--out", "y", "--evaluations", "5,2"], "later than"],
    [
      "evaluations without an inner loop",
      ["--data", "x", "--out", "y", "--outer-step", "dataset", "--evaluations", "5"],
      "no inner loop",
    ],
  ])("refuses %s", async (_what, args, message) => {
    const { code, stderr } = await cli.run(["train", "gan", ...args]);
    expect({ code, stderr }).toEqual({ code: 2, stderr: expect.stringContaining(message) });
  });

  it.each([
    ["a rate of nothing", ["--rate", "0"], "above 0"],
    ["an unknown generator", ["--generator", "box"], "init, gaussians"],
  ])("refuses %s", async (_what, args, message) => {
    const { code, stderr } = await cli.run([
      "train",
      "gan",
      "--data",
      DATA,
      "--out",
      cli.file("no"),
      ...args,
    ]);
    expect({ code, stderr }).toEqual({ code: 2, stderr: expect.stringContaining(message) });
    expect(existsSync(cli.file("no"))).toBe(false);
  });

  it("says that a run is finished", async () => {
    const before = everything("whole");
    expect(await resume("whole")).toMatchObject({
      code: 0,
      stdout: expect.stringContaining("6 steps already"),
    });
    expect(everything("whole")).toEqual(before);
  });
});
