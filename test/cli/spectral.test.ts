import { existsSync, mkdirSync, readdirSync, readFileSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import sharp from "sharp";
import { beforeAll, describe, expect, it } from "vitest";
import { rgbImage } from "../../src/image/rgb-image.js";
import { degrade } from "../../src/kernel/degradation/degrade.js";
import { motionKernel } from "../../src/kernel/families/camera-kernels.js";
import { gaussianKernel } from "../../src/kernel/families/gaussian-kernel.js";
import { kernelCovariance } from "../../src/kernel/metrics/kernel-metrics.js";
import { readImage } from "../../src/node/image-io/read-image.js";
import { writeImage } from "../../src/node/image-io/write-image.js";
import { SAMPLE_SIZE } from "../../src/train/spectral/spectral-samples.js";
import { parseSafetensors } from "../../src/weights/safetensors.js";
import { type CliOptions, PHOTO, useCli } from "../support/cli.js";
import { syntheticImage } from "../support/synthetic-image.js";

const cli = useCli();

/** A blur that leans, and one of a camera that moved. */
const LEANING = gaussianKernel({ lambda1: 4, lambda2: 1, theta: Math.PI / 4 });
const MOVED = motionKernel(6, 0);

/** The leaning image with noise of standard deviation 10/255. */
async function writeNoisy(): Promise<void> {
  const { width, height, rgb } = await readImage(cli.file("leaning.png"));
  let state = 1;
  // Uniform within ±√3 has variance 1.
  const uniform = (): number => {
    state = (state * 48271) % 2147483647;
    return (2 * (state / 2147483647) - 1) * Math.sqrt(3);
  };
  const noisy = rgbImage(
    width,
    height,
    rgb.data.map((value) => value + (10 / 255) * uniform()),
  );
  await writeImage(cli.file("noisy.png"), { rgb: noisy });
}

beforeAll(async () => {
  const { rgb } = await readImage(PHOTO);
  for (const [name, kernel] of [
    ["leaning", LEANING],
    ["moved", MOVED],
  ] as const) {
    await writeImage(cli.file(`${name}.png`), { rgb: degrade(rgb, kernel, 2) });
  }
  await writeNoisy();
});

const estimate = (name: string, ...more: string[]) => cli.run(["estimate", cli.file(name), ...more]);

describe("estimate by the spectrum", () => {
  it("is what happens unless something else is asked, and sees which way a blur leans", async () => {
    const { code, stdout, stderr } = await estimate("leaning.png", "--json");
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    const { method, steps, kernels, patches, losses, spectral, weights } = JSON.parse(stdout);
    expect({ method, steps, patches, losses }).toEqual({
      method: "spectral",
      steps: 0,
      patches: [],
      losses: [],
    });
    expect(Object.keys(kernels)).toEqual(["0"]);
    expect(weights.path).toMatch(/spectral-x2\.safetensors$/);
    const truth = kernelCovariance(LEANING);
    for (const entry of ["xx", "xy", "yy"] as const) {
      expect(Math.abs(spectral.covariance[entry] - truth[entry])).toBeLessThan(0.8);
    }
    expect(spectral.covariance.xy).toBeGreaterThan(0.7);
    expect(spectral.noise).toBeLessThan(2);
    expect(spectral.error).toBeGreaterThan(0);
  });

  it("tells the noise that is there", async () => {
    const { spectral } = JSON.parse((await estimate("noisy.png", "--json")).stdout);
    expect(Math.abs(spectral.noise - 10)).toBeLessThan(1.5);
  });

  it("says in words what it found", async () => {
    const { stdout } = await estimate("moved.png");
    expect(stdout).toContain("Kernel for ×2, 11×11, by the spectrum:");
    expect(stdout).toMatch(/noise +standard deviation \d+\.\d of 255/);
    expect(stdout).toMatch(/error +K-COV of about \d+\.\d\d square pixels is likely/);
  });

  it("gives way to an adaptation where an option is about one", async () => {
    const { method, kernels } = JSON.parse((await estimate("moved.png", "--steps", "1", "--json")).stdout);
    expect(method).toBe("meta");
    expect(Object.keys(kernels)).toEqual(["1"]);
    const refused = await estimate("moved.png", "--method", "spectral", "--steps", "5");
    expect(refused).toMatchObject({ code: 2, stdout: "" });
    expect(refused.stderr).toMatch(/^metakernelgan: --steps is about an adaptation, [^\n]+\n$/);
  });

  it("holds an adaptation near it", async () => {
    const spectral = JSON.parse((await estimate("leaning.png", "--json")).stdout);
    const run = await estimate("leaning.png", "--method", "hybrid", "--steps", "60", "--json");
    const hybrid = JSON.parse(run.stdout);
    const meta = JSON.parse((await estimate("leaning.png", "--steps", "60", "--json")).stdout);
    const distance = (a: number[][], b: number[][]): number =>
      a.flat().reduce((sum, value, i) => sum + Math.abs(value - (b.flat()[i] as number)), 0);
    expect(hybrid.spectral).toEqual(spectral.spectral);
    expect(distance(hybrid.kernel, spectral.kernel)).toBeLessThan(distance(meta.kernel, spectral.kernel) / 3);
  });

  it("refuses an image without a window, and weights of another network", async () => {
    await writeImage(cli.file("tiny.png"), { rgb: syntheticImage(1, 31, 40) });
    const tiny = await estimate("tiny.png");
    expect(tiny).toMatchObject({ code: 1, stdout: "" });
    expect(tiny.stderr).toMatch(/^metakernelgan: [^\n]*31×40[^\n]*method meta\.\n$/);
    const weights = join(cli.program, "models/usrnet.safetensors");
    const other = await estimate("moved.png", "--method", "spectral", "--weights", weights);
    expect(other).toMatchObject({ code: 1, stdout: "" });
    expect(other.stderr).toMatch(/^metakernelgan: [^\n]*spectral[^\n]*\n$/);
  });
});

describe("upscale --sigma auto", () => {
  it("chooses more for a noisy image, and says what", async () => {
    const upscale = async (name: string, ...more: string[]) => {
      const args = ["upscale", cli.file(name), "--model", "fast", "--out", cli.file("out.png"), "--json"];
      const { code, stdout, stderr } = await cli.run([...args, ...more]);
      expect(code, stderr).toBe(0);
      expect(stderr).not.toContain("NaN");
      return JSON.parse(stdout);
    };
    const clean = await upscale("leaning.png");
    expect(clean.sigma).toBe("auto");
    const noisy = await upscale("noisy.png");
    expect(noisy.images[0].sigma).toBeGreaterThan(clean.images[0].sigma + 5);
    expect((await upscale("noisy.png", "--sigma", "3")).images[0].sigma).toBe(3);
  });
});

describe("compare", () => {
  it("makes the images that are not there, and tells methods apart", async () => {
    mkdirSync(cli.file("set/HR"), { recursive: true });
    await sharp(PHOTO)
      .extract({ left: 100, top: 100, width: 301, height: 260 })
      .png()
      .toFile(cli.file("set/HR/a.png"));
    const out = cli.file("table.md");
    const args = [
      "compare",
      "--data",
      cli.file("set"),
      "--settings",
      "x2-clean,x2-jpeg-70",
      "--model",
      "fast",
    ];
    const { code, stdout, stderr } = await cli.run([
      ...[...args, "--methods", "gaussian,spectral,true", "--json", "--out", out],
    ]);
    expect(code, stderr).toBe(0);
    const { rows } = JSON.parse(stdout);
    expect(rows.map(({ setting }: { setting: string }) => setting)).toEqual(["clean", "jpeg-70"]);
    const [clean, jpeg] = rows;
    expect(clean.scores.true[0]).toMatchObject({ name: "a", kernelCov: 0, error: 0 });
    expect(clean.scores.spectral[0].kernelCov).toBeLessThan(clean.scores.gaussian[0].kernelCov);
    expect(clean.scores.true[0].psnr).toBeGreaterThan(clean.bicubic);
    expect(jpeg.scores.true[0].psnr).toBeLessThan(clean.scores.true[0].psnr);
    const table = readFileSync(out, "utf8");
    expect(table).toMatch(/\| set ×2 clean \| \d+\.\d \/ \d\.\d\d \/ \d+\.\d\d \|/);
    expect(table).toContain("a ");
  });
});

describe("train spectral", () => {
  const DATA = cli.file("photos");
  const SMALL = ["--samples", "70", "--steps", "3", "--checkpoint-every", "1", "--log-every", "1"];
  const SAMPLE_BYTES = 4 * SAMPLE_SIZE;
  const train = (out: string, more: readonly string[], options?: CliOptions) =>
    cli.run(["train", "spectral", "--data", DATA, "--out", cli.file(out), ...more], options);
  const bytes = (out: string, name: string): Buffer => readFileSync(join(cli.file(out), name));
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
    const run = await estimate("moved.png", "--method", "spectral", "--weights", file, "--json");
    const { weights } = JSON.parse(run.stdout);
    expect(weights.metadata).toMatchObject({ scale: "2", samples: "70", steps: "3", step: "3" });
    const wrong = await estimate("moved.png", "--method", "spectral", "--weights", file, "--scale", "4");
    expect(wrong.stderr).toMatch(/is for ×2, not ×4: give --scale 2, or other weights\.\n$/);
  });

  it("has a checkpoint that estimate takes for the same network", async () => {
    const kernel = async (name: string): Promise<unknown> => {
      const path = join(cli.file("whole"), `${name}.safetensors`);
      const run = await estimate("moved.png", "--method", "spectral", "--weights", path, "--json");
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
    expect(code).toBe(1);
    const [, step] =
      stderr.match(/Stopped at step (\d+), which the checkpoint holds; .* --resume --out .*\n$/) ?? [];
    expect(Number(step)).toBeGreaterThanOrEqual(20);
    expect(parseSafetensors(bytes("stopped", "checkpoint.safetensors")).metadata.step).toBe(step);
  });

  it("keeps the measurements where it is stopped among them, and says so", async () => {
    const long = ["--samples", "5000", "--steps", "3"];
    const { code, stderr } = await train("early", long, { interruptAt: "Images: 1 to learn from" });
    expect(code).toBe(1);
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
