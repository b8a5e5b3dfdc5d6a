import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import sharp from "sharp";
import { beforeAll, describe, expect, it } from "vitest";
import { PHOTO, useCli } from "../support/cli.js";
import { skipAsRoot } from "../support/skip.js";

const cli = useCli();
const IMAGE = cli.file("crop.png");

beforeAll(async () => {
  await sharp(PHOTO).extract({ left: 200, top: 200, width: 160, height: 120 }).png().toFile(IMAGE);
});

/** Stores a picture in a file, and gives its path. */
async function stored(
  name: string,
  [width, height]: readonly [number, number],
  colorOf: (x: number, y: number) => readonly number[],
): Promise<string> {
  const pixels = Array.from({ length: width * height }, (_, i) => colorOf(i % width, Math.floor(i / width)));
  const channels = pixels[0].length as 3 | 4;
  await sharp(Buffer.from(pixels.flat()), { raw: { width, height, channels } }).png().toFile(cli.file(name));
  return cli.file(name);
}

describe("estimate says what upscale goes by", () => {
  const read = async (file: string, ...args: string[]) => {
    const { code, stdout } = await cli.run(["estimate", file, "--method", "spectral", "--json", ...args]);
    expect(code).toBe(0);
    return JSON.parse(stdout);
  };

  it("of a pattern, whose spectrum misleads", async () => {
    const isWhite = (x: number, y: number) => x % 16 < 12 && y % 16 < 12;
    const dots = await stored("dots.png", [224, 192], (x, y) => Array(3).fill(isWhite(x, y) ? 255 : 0));
    const small = cli.file("small-dots.png");
    await sharp(await sharp(dots).blur(1.2).png().toBuffer())
      .resize(112, 96, { kernel: "nearest" })
      .png()
      .toFile(small);
    const args = ["upscale", small, "--model", "fast", "--json", "--out", cli.file("dots-x2.png")];
    const { kernel } = JSON.parse((await cli.run(args)).stdout).images[0];
    const found = await read(small);
    expect(found.kernel).toEqual(kernel);
    const moment = (power: number, around: number): number =>
      (found.kernel as number[][]).reduce(
        (sum, row, y) => sum + (y - around) ** power * row.reduce((most, value) => most + value),
        0,
      );
    expect(found.spectral.covariance.yy).toBeCloseTo(moment(2, moment(1, 0)), 4);
  });

  it("of a picture with transparent parts, whatever is under them", async () => {
    const { data, info } = await sharp(IMAGE).raw().toBuffer({ resolveWithObject: true });
    const files = [0, 255].map((hidden) =>
      stored(`hidden-${hidden}.png`, [info.width, info.height], (x, y) => {
        const isHidden = (x - 60) ** 2 + (y - 60) ** 2 < 400;
        const at = 3 * (y * info.width + x);
        return isHidden ? [hidden, 0, hidden, 0] : [...data.subarray(at, at + 3), 255];
      }),
    );
    const [first, second] = [await read(await files[0]), await read(await files[1])];
    expect(first.kernel).toEqual(second.kernel);
    expect(first.spectral).toEqual(second.spectral);
  });

  it("of a drawing, with a note", async () => {
    const isInk = (x: number, y: number) => x % 40 < 20 === y % 30 < 15;
    const file = await stored("drawing.png", [160, 120], (x, y) => Array(3).fill(isInk(x, y) ? 20 : 230));
    const { notes } = await read(file);
    expect(notes).toEqual([expect.stringContaining("drawing.png is a sharp drawing")]);
  });
});

describe("estimate", () => {
  it("prints one JSON object, the same kernels in every process, and replays it", async () => {
    const args = ["estimate", IMAGE, "--steps", "3", "--seed", "5", "--snapshots", "0,1,3", "--json"];
    const [first, second] = [await cli.spawn(args), await cli.spawn(args)];
    expect(first.code).toBe(0);
    expect(first.stdout).toMatch(/^\{.*\}\n$/);
    const result = JSON.parse(first.stdout);
    expect(result).toMatchObject({ scale: 2, steps: 3, seed: 5, orientation: "correlation", noise: true });
    expect(result.adapter).toMatchObject({ name: expect.any(String), kind: expect.any(String) });
    expect(result.image).toEqual({ path: IMAGE, width: 160, height: 120 });
    expect(Object.keys(result.kernels)).toEqual(["0", "1", "3"]);
    expect(result.kernels[3]).toEqual(result.kernel);
    expect(result.kernel.map((row: number[]) => row.length)).toEqual(Array(11).fill(11));
    expect(result.losses).toEqual(Array(3).fill([expect.any(Number), expect.any(Number)]));
    expect(result.patches).toHaveLength(3);
    // Two cores that others use, too; by itself it takes a second.
    expect(result.seconds.startup).toBeLessThan(6);
    expect(result.notes).toEqual([]);

    const again = JSON.parse(second.stdout);
    expect([again.kernels, again.losses]).toEqual([result.kernels, result.losses]);

    writeFileSync(cli.file("run.json"), first.stdout);
    const replay = JSON.parse((await cli.run([...args, "--patches", cli.file("run.json")])).stdout);
    expect(replay.kernels).toEqual(result.kernels);
    const quiet = JSON.parse((await cli.run([...args, "--noise", "off"])).stdout);
    expect(quiet.kernels[0]).toEqual(result.kernels[0]);
    expect(quiet.kernels[3]).not.toEqual(result.kernels[3]);
  });

  it("estimates by KernelGAN, which needs no weights", async () => {
    const args = ["estimate", IMAGE, "--method", "kernelgan", "--steps", "2", "--json"];
    const { code, stdout, stderr } = await cli.run(args);
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    const { method, weights, steps, kernel, losses } = JSON.parse(stdout);
    expect({ method, weights, steps }).toEqual({ method: "kernelgan", weights: null, steps: 2 });
    expect(kernel.flat().reduce((sum: number, value: number) => sum + value)).toBeCloseTo(1, 5);
    expect(losses).toHaveLength(2);
  });

  it("writes every format, flipped where asked, and a summary", async () => {
    const outs = ["k.npy", "k.mat", "k.json", "k.png"].map(cli.file);
    const args = [
      "estimate",
      IMAGE,
      "--steps",
      "0",
      "--scale",
      "4",
      ...outs.flatMap((out) => ["--out", out]),
    ];
    const { code, stdout } = await cli.run([...args, "--convolution"]);
    expect(code).toBe(0);
    expect(stdout).toContain("Kernel for ×4, 21×21, after 0 steps");
    for (const out of outs) {
      expect(stdout).toContain(out);
      expect(existsSync(out)).toBe(true);
    }
    const flipped = JSON.parse(readFileSync(cli.file("k.json"), "utf8"));
    expect(flipped.orientation).toBe("convolution");
    const { kernel, orientation } = JSON.parse((await cli.run([...args, "--json"])).stdout);
    expect(orientation).toBe("correlation");
    expect(flipped.kernel.flat().reverse()).toEqual(kernel.flat());
    expect(JSON.parse(readFileSync(cli.file("k.json"), "utf8")).orientation).toBe("correlation");
  });

  it("stops at Ctrl-C with one line and no files", async () => {
    mkdirSync(cli.file("canceled"));
    const out = join(cli.file("canceled"), "kernel.npy");
    const { code, stdout, stderr } = await cli.run(["estimate", IMAGE, "--steps", "40", "--out", out], {
      interruptAt: "10 of 40 steps",
    });
    expect({ code, stdout }).toEqual({ code: 130, stdout: "" });
    expect(stderr).toMatch(/10 of 40 steps\.\nmetakernelgan: Canceled; nothing was written\.\n$/);
    expect(readdirSync(dirname(out))).toEqual([]);
  });

  it.each([
    ["no JSON", "[[0, 0]", "not JSON"],
    ["another shape", '{"steps": 3}', "list"],
    ["a patch that is no pair", "[[0, 0], [1]]", "patch 2"],
    ["a negative corner", "[[0, -2]]", "patch 1"],
  ])("refuses patches with %s", async (_what, text, message) => {
    writeFileSync(cli.file("patches.json"), text);
    const args = ["estimate", IMAGE, "--steps", "1", "--patches", cli.file("patches.json")];
    const { code, stdout, stderr } = await cli.run(args);
    expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
    expect(stderr).toMatch(/^metakernelgan: [^\n]+\n$/);
    expect(stderr).toContain(message);
  });

  it.each([
    ["too few", "[[0, 0]]", "2 steps need as many patches"],
    ["outside the image", "[[0, 0], [0, 100000]]", "Patch 2"],
  ])("refuses patches that are %s", async (_what, text, message) => {
    writeFileSync(cli.file("patches.json"), text);
    const args = ["estimate", IMAGE, "--steps", "2", "--patches", cli.file("patches.json")];
    const { code, stderr } = await cli.run(args);
    expect(code).toBe(1);
    expect(stderr).toMatch(/^metakernelgan: [^\n]+\n$/);
    expect(stderr).toContain(message);
  });

  it.for<[string, () => string, string]>([
    ["in a folder that is missing", () => cli.file("nowhere/kernel.npy"), "does not exist"],
    ["that is a folder", () => folder("kernels.npy"), "is a folder"],
    ["that is read-only", () => readOnly("kept.npy"), "permission denied"],
  ])("refuses an output %s before any work", async ([what, make, message], context) => {
    if (what.includes("read-only")) skipAsRoot(context);
    // The image is missing, too: the output is complained of first.
    const { code, stderr } = await cli.run(["estimate", cli.file("no.png"), "--out", make()]);
    expect(code).toBe(1);
    expect(stderr).toMatch(/^metakernelgan: [^\n]+\n$/);
    expect(stderr).toContain(message);
  });
});

describe("devices and doctor", () => {
  it("passes the self-test on the adapter that devices names", async () => {
    const devices = await cli.run(["devices", "--json"]);
    expect(devices.code).toBe(0);
    const { adapters, default: chosen } = JSON.parse(devices.stdout);
    // The best one, which is the first, unless the environment names another.
    const named = adapters.find(({ kind }: { kind: string }) => kind === process.env.METAKERNELGAN_ADAPTER);
    expect(named ?? adapters[0]).toMatchObject({ kind: chosen.kind, name: chosen.name });

    const doctor = await cli.spawn(["doctor", "--json"]);
    expect(doctor).toMatchObject({ code: 0, stderr: "" });
    const result = JSON.parse(doctor.stdout);
    expect(result).toMatchObject({ passed: true, numbers: 60, adapter: { kind: chosen.kind } });
    expect(result.deviation).toBeLessThan(result.tolerance);
    expect(result.millisecondsPerStep).toBeGreaterThan(0);
  });

  it("says in one line that an adapter is unknown", async () => {
    const { code, stdout, stderr } = await cli.run(["doctor"], { env: { METAKERNELGAN_ADAPTER: "abacus" } });
    expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
    expect(stderr).toMatch(/^metakernelgan: METAKERNELGAN_ADAPTER is "abacus"[^\n]+\n$/);
  });
});

function folder(name: string): string {
  mkdirSync(cli.file(name));
  return cli.file(name);
}

function readOnly(name: string): string {
  writeFileSync(cli.file(name), "");
  chmodSync(cli.file(name), 0o444);
  return cli.file(name);
}
