import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { PNG } from "pngjs";
import sharp from "sharp";
import { beforeAll, describe, expect, it } from "vitest";
import { cropImage } from "../../src/image/crop-image.js";
import { flipKernel } from "../../src/kernel/blur-kernel.js";
import { degrade } from "../../src/kernel/degradation/degrade.js";
import { gaussianKernel } from "../../src/kernel/families/gaussian-kernel.js";
import { writeKernel } from "../../src/node/files/kernel-files.js";
import { readImage } from "../../src/node/image-io/read-image.js";
import { writeImage } from "../../src/node/image-io/write-image.js";
import { initialUpscaler } from "../../src/train/upscaler/initial-upscaler.js";
import { serializeSafetensors } from "../../src/weights/safetensors.js";
import { PHOTO, useCli } from "../support/cli.js";
import { skipAsRoot } from "../support/skip.js";
import { syntheticImage } from "../support/synthetic-image.js";

const cli = useCli();

/** Off the middle, as all kernels of the paper, so that the wrong orientation shows. */
const KERNEL = gaussianKernel({ lambda1: 0.6, lambda2: 3, theta: 0.5 });

const HR = cropImage((await readImage(PHOTO)).rgb, { left: 200, top: 200, width: 80, height: 72 });
const [WIDTH, HEIGHT] = [40, 36];
const IMAGE = cli.file("image.png");
const KERNEL_FILE = cli.file("kernel.json");
const WEIGHTS = cli.file("usrnet.safetensors");
const FAST = ["--model", "fast", "--sigma", "0", "--kernel", KERNEL_FILE];
const CIRCULAR = ["--boundary", "circular", "--align", "paper"];

/** Where the program looks for the package's own network. */
const OWN = join(cli.program, "models/usrnet.safetensors");
const OWN_SMALL = join(cli.program, "models/small-x2.safetensors");

const upscale = (...args: string[]) => cli.run(["upscale", ...args]);

/** The largest difference of two images' values, in levels of 8 bits. */
async function difference(path: string, other: string): Promise<number> {
  const [a, b] = await Promise.all([path, other].map((each) => sharp(each).raw().toBuffer()));
  expect(a.length).toBe(b.length);
  return a.reduce((most, level, i) => Math.max(most, Math.abs(level - b[i])), 0);
}

/** Mean squared difference from the true image, of a part of a file that begins at a column. */
async function errorFrom(path: string, left: number): Promise<number> {
  const { data, info } = await sharp(path).removeAlpha().raw().toBuffer({ resolveWithObject: true });
  let sum = 0;
  for (let channel = 0; channel < 3; channel++) {
    for (let row = 0; row < HR.height; row++) {
      for (let column = 0; column < HR.width; column++) {
        const level = data[info.channels * (row * info.width + left + column) + channel] / 255;
        sum += (level - HR.data[(channel * HR.height + row) * HR.width + column]) ** 2;
      }
    }
  }
  return sum / HR.data.length;
}

beforeAll(async () => {
  rmSync(OWN, { force: true });
  rmSync(OWN_SMALL, { force: true });
  await writeImage(IMAGE, { rgb: degrade(HR, KERNEL, 2) });
  await writeKernel(KERNEL_FILE, KERNEL);
  writeFileSync(WEIGHTS, serializeSafetensors(initialUpscaler(0)));
});

describe("upscale", () => {
  it("upscales by the kernel of a file, and compares", async () => {
    const [out, compare] = [cli.file("out.png"), cli.file("compare.png")];
    const { code, stdout, stderr } = await cli.spawn(
      ["upscale", IMAGE, ...FAST, ...CIRCULAR].concat("--out", out, "--compare", compare, "--json"),
    );
    expect(code).toBe(0);
    expect(stdout).toMatch(/^\{.*\}\n$/);
    const result = JSON.parse(stdout);
    expect(result).toMatchObject({ model: "fast", weights: null, scale: 2, sigma: 0, estimate: null });
    expect(result).toMatchObject({ kernelFile: KERNEL_FILE, failed: [], sheet: null });
    expect(result.adapter).toMatchObject({ name: expect.any(String), kind: expect.any(String) });
    expect(result.images).toEqual([
      {
        path: IMAGE,
        width: WIDTH,
        height: HEIGHT,
        orientation: "correlation",
        kernel: JSON.parse(readFileSync(KERNEL_FILE, "utf8")).kernel,
        sigma: 0,
        out: { path: out, width: 2 * WIDTH, height: 2 * HEIGHT },
        compare,
        tiles: 1,
        bytes: expect.any(Number),
        seconds: { estimate: expect.any(Number), upscale: expect.any(Number) },
        notes: [],
      },
    ]);
    const megabytes = Math.ceil(result.images[0].bytes / 1e6);
    expect(stderr).toContain(`40×36 to 80×72 pixels in 1 tile, with ${megabytes} MB of GPU memory.`);

    const { width, height } = await sharp(compare).metadata();
    expect([width, height]).toEqual([2 * HR.width + 8, HR.height]);
    const after = await errorFrom(out, 0);
    expect(await errorFrom(compare, HR.width + 8)).toBe(after);
    // Much nearer than what was before it; the image was made so that it goes round.
    expect(after).toBeLessThan(0.7 * (await errorFrom(compare, 0)));
    await upscale(IMAGE, ...FAST, "--align", "paper", "--out", out);
    const natural = await errorFrom(out, 0);
    expect(natural).toBeGreaterThan(after);
    expect(natural).toBeLessThan(await errorFrom(compare, 0));
  });

  it("divides a kernel by its sum, and says so once if that matters", async () => {
    const dark = { ...KERNEL, values: KERNEL.values.map((value) => 0.9 * value) };
    await writeKernel(cli.file("dark.npy"), dark);
    const args = ["--model", "fast", "--out"];
    const usual = await upscale(IMAGE, "--kernel", KERNEL_FILE, ...args, cli.file("one.png"));
    await writeKernel(cli.file("sum-7.npy"), {
      ...KERNEL,
      values: KERNEL.values.map((value) => 7 * value),
    });
    const bright = await upscale(IMAGE, "--kernel", cli.file("sum-7.npy"), ...args, cli.file("bright.png"));
    const blurOf = ({ stdout }: { stdout: string }): string | undefined => /blur +(\S.*)/.exec(stdout)?.[1];
    expect(blurOf(usual)).toMatch(/standard deviation/);
    expect(blurOf(bright)).toBe(blurOf(usual));
    const out = folder("dark");
    await writeImage(cli.file("second.png"), { rgb: HR });
    const { code, stderr } = await upscale(
      IMAGE,
      cli.file("second.png"),
      "--kernel",
      cli.file("dark.npy"),
      ...args,
      out,
    );
    expect(code).toBe(0);
    expect(stderr.match(/dark\.npy sums to 0\.9; it is divided by that/g)).toHaveLength(1);
    expect(readFileSync(join(out, "image.png"))).toEqual(readFileSync(cli.file("one.png")));
  });

  it("reads every kernel that estimate writes", async () => {
    const kernel = cli.file("started.npy");
    const run = await cli.run(["estimate", IMAGE, "--method", "kernelgan", "--steps", "1", "--out", kernel]);
    expect(run.code, run.stderr).toBe(0);
    expect(
      (await upscale(IMAGE, "--kernel", kernel, "--model", "fast", "--out", cli.file("k.png"))).code,
    ).toBe(0);
  });

  it("takes kernels for either operation, whichever the file is for", async () => {
    const flipped = flipKernel(KERNEL);
    for (const name of ["same.npy", "same.mat"]) await writeKernel(cli.file(name), KERNEL);
    for (const name of ["flipped.json", "flipped.mat"]) await writeKernel(cli.file(name), flipped);
    const result = async (...kernel: string[]) => {
      const out = cli.file("kernel-out.png");
      const { code, stderr } = await upscale(
        ...[IMAGE, "--model", "fast", "--out", out, "--kernel", ...kernel],
      );
      expect(code, stderr).toBe(0);
      return readFileSync(out);
    };
    const expected = await result(KERNEL_FILE);
    expect(await result(cli.file("same.npy"))).toEqual(expected);
    expect(await result(cli.file("flipped.json"))).toEqual(expected);
    const mat = cli.file("flipped.mat");
    expect(await result(mat, "--orientation", "convolution")).toEqual(expected);
    expect(await result(mat)).not.toEqual(expected);
    const twice = await upscale(
      ...[IMAGE, ...FAST, "--out", cli.file("twice.png"), "--orientation", "convolution"],
    );
    expect(twice).toMatchObject({ code: 2, stdout: "" });
    expect(twice.stderr).toMatch(/kernel\.json states that its kernel is for correlation[^\n]+\n$/);
  });

  it("estimates the kernel that estimate does, with its options", async () => {
    const same = ["--steps", "3", "--seed", "5", "--scale", "4", "--json"];
    const start = join(cli.program, "models/dskernelgan.safetensors");
    const args = [...same, "--model", "fast", "--out", cli.file("estimated.png"), "--init", start];
    const run = await upscale(IMAGE, ...args);
    expect(run.code, run.stderr).toBe(0);
    const result = JSON.parse(run.stdout);
    expect(result).toMatchObject({ kernelFile: null, scale: 4 });
    expect(result.estimate).toMatchObject({ method: "meta", weights: { path: start }, steps: 3, seed: 5 });
    const estimate = await cli.run(["estimate", IMAGE, ...same, "--init", start]);
    expect(result.images[0].kernel).toEqual(JSON.parse(estimate.stdout).kernel);
    expect(result.images[0].out).toMatchObject({ width: 160, height: 144 });
  });

  it.each([1, 3])("enlarges ×%i by a given kernel, or by an estimate", async (scale) => {
    await writeKernel(cli.file("x.npy"), KERNEL);
    const args = [IMAGE, "--model", "fast", "--out", cli.file("x.png"), "--scale", String(scale)];
    for (const kernel of [[], ["--kernel", cli.file("x.npy")]]) {
      expect((await upscale(...args, ...kernel)).code).toBe(0);
      const { width, height } = await sharp(cli.file("x.png")).metadata();
      expect([width, height]).toEqual([scale * WIDTH, scale * HEIGHT]);
    }
  });

  it("takes USRNet wherever there are weights for it", async () => {
    const args = [IMAGE, "--kernel", KERNEL_FILE, "--out", cli.file("net.png"), "--json"];
    expect(JSON.parse((await upscale(...args)).stdout).model).toBe("fast");
    const missing = await upscale(...args, "--model", "usrnet");
    expect(missing).toMatchObject({ code: 1, stdout: "" });
    expect(missing.stderr).toMatch(/^metakernelgan: [^\n]+ --upscaler-weights, or give --model fast\.\n$/);

    const given = JSON.parse(
      (await upscale(...args, "--upscaler-weights", WEIGHTS, "--sigma", "2.5")).stdout,
    );
    expect(given).toMatchObject({ model: "usrnet", weights: { path: WEIGHTS }, sigma: 2.5 });
    const withGiven = readFileSync(cli.file("net.png"));

    writeFileSync(OWN, readFileSync(WEIGHTS));
    try {
      const own = JSON.parse((await upscale(...args, "--sigma", "2.5")).stdout);
      expect(own).toMatchObject({ model: "usrnet", weights: { path: OWN } });
      expect(readFileSync(cli.file("net.png"))).toEqual(withGiven);
      const wrong = await upscale(
        ...args,
        "--upscaler-weights",
        join(cli.program, "models/metakernelgan.safetensors"),
      );
      expect(wrong).toMatchObject({ code: 1, stdout: "" });
      expect(wrong.stderr).toMatch(/^metakernelgan: [^\n]+not of a USRNet[^\n]+\n$/);
    } finally {
      rmSync(OWN);
    }
  });

  it("says before the work how many tiles there are, and gives the same picture in them", async () => {
    await writeImage(cli.file("large.png"), { rgb: syntheticImage(3, 200, 40) });
    const args = [cli.file("large.png"), ...FAST, "--sigma", "10", "--out"];
    const whole = await upscale(...args, cli.file("whole.png"));
    expect(whole.stderr).toContain("in 1 tile,");
    const { stdout, stderr } = await upscale(...args, cli.file("tiled.png"), "--tile", "336");
    expect(stderr).toMatch(/in \d tiles, with/);
    expect(stdout).toMatch(/memory +\d+ MB on the GPU, \d tiles/);
    expect(await difference(cli.file("whole.png"), cli.file("tiled.png"))).toBeLessThan(2);
  });
});

describe("what the image was", () => {
  /** Half of it dark, half bright; the other channels are some texture. */
  const edge = (x: number) => (x < 17 ? 0.2 : 0.8);

  it.each([8, 16] as const)("stays: %i bits, and transparency where the colors are", async (bitDepth) => {
    const { data, width, height } = syntheticImage(1, 36, 36);
    const alpha = Float32Array.from({ length: 36 * 36 }, (_, i) => edge(i % 36));
    const rgb = {
      width,
      height,
      data: Float32Array.from(data, (value, i) => (i < 36 * 36 ? alpha[i] : value)),
    };
    const [source, out] = [cli.file(`alpha${bitDepth}.png`), cli.file(`alpha${bitDepth}-out.png`)];
    await writeImage(source, { rgb, alpha, bitDepth });
    const run = await upscale(source, ...FAST, "--out", out, "--compare", cli.file("on-white.png"));
    expect(run.code, run.stderr).toBe(0);
    const image = await readImage(out);
    expect(image).toMatchObject({ width: 72, height: 72, bitDepth, gray: false });
    /** Column at which a plane's middle row goes from dark to bright. */
    const crossing = (plane: ArrayLike<number>): number => {
      const row = Array.from({ length: 72 }, (_, x) => plane[36 * 72 + x]);
      const x = row.findIndex((value, i) => i > 20 && value > 0.5);
      return x - (row[x] - 0.5) / (row[x] - row[x - 1]);
    };
    const red = crossing(image.rgb.data);
    expect(Math.abs(red - crossing(image.alpha as Float32Array))).toBeLessThan(0.25);
    // Between the small image's pixels 16 and 17, which lie half a pixel after their double.
    expect(Math.abs(red - 33.5)).toBeLessThan(0.4);
  });

  it("stays gray, in one channel where it was in one", async () => {
    const { data, width, height } = syntheticImage(2, 40, 36);
    const plane = data.subarray(0, 40 * 36);
    const rgb = {
      width,
      height,
      data: Float32Array.from({ length: data.length }, (_, i) => plane[i % (40 * 36)]),
    };
    for (const gray of [true, false]) {
      await writeImage(cli.file("gray.png"), { rgb, gray });
      const args = [cli.file("gray.png"), "--upscaler-weights", WEIGHTS, "--kernel", KERNEL_FILE];
      expect((await upscale(...args, "--out", cli.file("gray-out.png"))).code).toBe(0);
      expect((await sharp(cli.file("gray-out.png")).metadata()).channels).toBe(gray ? 1 : 3);
      const image = (await readImage(cli.file("gray-out.png"))).rgb;
      expect(image.data.subarray(0, 80 * 72)).toEqual(image.data.subarray(80 * 72, 2 * 80 * 72));
    }
  });

  it("keeps EXIF and profile, upright", async () => {
    const source = cli.file("turned.jpg");
    await sharp(IMAGE)
      .withMetadata({ orientation: 6 })
      .withExif({ IFD0: { Artist: "Somebody" } })
      .withIccProfile("p3")
      .jpeg({ quality: 95 })
      .toFile(source);
    const out = cli.file("upright.webp");
    expect((await upscale(source, ...FAST, "--out", out)).code).toBe(0);
    const { width, height, format, exif, icc, orientation } = await sharp(out).metadata();
    expect({ width, height, format }).toEqual({ width: 72, height: 80, format: "webp" });
    expect(exif?.toString("latin1")).toContain("Somebody");
    expect(icc).toEqual((await sharp(source).metadata()).icc);
    expect(orientation ?? 1).toBe(1);
  });

  it("says what a format cannot hold", async () => {
    const { stdout, stderr } = await upscale(
      ...[cli.file("alpha16.png"), ...FAST, "--out", cli.file("flat.jpg"), "--json"],
    );
    const note = `${cli.file("flat.jpg")}: JPEG, as it is written here, cannot hold what the image has: transparency, which is laid on white; 16 bits a sample, which become 8.`;
    expect(JSON.parse(stdout).images[0].notes).toEqual([note]);
    expect(stderr).toContain(note);
  });
});

describe("many images", () => {
  beforeAll(async () => {
    const photos = folder("photos");
    for (const name of ["a.png", "b.webp", "d.tiff"]) await writeImage(join(photos, name), { rgb: HR });
    writeFileSync(join(photos, "c.png"), "No picture.\n");
    writeFileSync(join(photos, "notes.txt"), "Nothing.\n");
    await writeImage(join(photos, "e.png"), { rgb: syntheticImage(1, 8, 40) });
  });

  it("go into a folder; bad ones are left out and listed", async () => {
    const [out, compare, sheet] = [cli.file("new/sharp"), cli.file("compared"), cli.file("sheet.png")];
    const run = await upscale(
      ...[cli.file("photos"), IMAGE, "--model", "fast", "--steps", "1", "--out", out, "--format", "jpeg"],
      ...["--compare", compare, "--sheet", sheet, "--json"],
    );
    expect(run.code).toBe(1);
    expect(readdirSync(out)).toEqual(["a.jpg", "b.jpg", "d.jpg", "e.jpg", "image.jpg"]);
    expect(readdirSync(compare)).toEqual(["a.png", "b.png", "d.png", "e.png", "image.png"]);
    const { images, failed, ...result } = JSON.parse(run.stdout);
    expect(images.map((image: { path: string }) => image.path)).toEqual(
      ["a.png", "b.webp", "d.tiff", "e.png"].map((name) => join(cli.file("photos"), name)).concat(IMAGE),
    );
    expect(failed).toEqual([
      { path: join(cli.file("photos"), "c.png"), message: expect.stringContaining("not an image") },
    ]);
    expect(images[3].notes).toEqual([expect.stringContaining("8×40 pixels, too few to estimate its blur")]);
    expect(result.sheet).toBe(sheet);
    expect(run.stderr).toMatch(/c\.png is not an image[^\n]+It is skipped\.\n/);
    expect(run.stderr).toMatch(/\n[^\n]+1 of 6 images were skipped: \S+c\.png\.\n$/);
    expect((await sharp(sheet).metadata()).format).toBe("png");
  });

  it("are upscaled each as by itself", async () => {
    const out = cli.file("each");
    const run = await upscale(cli.file("photos/a.png"), IMAGE, ...FAST, "--out", out);
    expect({ code: run.code, text: run.stdout }).toEqual({
      code: 0,
      text: expect.stringMatching(
        /^2 of 2 images upscaled ×2 by the fast upscaler:\n {2}written into +\S+each\n/,
      ),
    });
    await upscale(IMAGE, ...FAST, "--out", `${cli.file("alone")}/`);
    expect(readFileSync(join(out, "image.png"))).toEqual(readFileSync(cli.file("alone/image.png")));
  });

  it("of which none can be used make nothing", async () => {
    const bad = folder("bad");
    for (const name of ["a.png", "b.png"]) writeFileSync(join(bad, name), "No picture.\n");
    const run = await upscale(bad, "--model", "fast", "--out", cli.file("none"));
    expect(run).toMatchObject({ code: 1, stdout: "" });
    expect(run.stderr.trimEnd().split("\n")).toHaveLength(3);
    expect(run.stderr).toMatch(/None of the images can be used; nothing was written\.\n$/);
    expect(existsSync(cli.file("none"))).toBe(false);
  });

  it("stop at Ctrl-C between two, and what was written stays whole", async () => {
    const many = folder("many");
    const names = Array.from({ length: 12 }, (_, i) => `${String.fromCharCode(97 + i)}.png`);
    for (const name of names) await writeImage(join(many, name), { rgb: HR });
    const args = ["upscale", many, "--model", "fast", "--steps", "40", "--out", cli.file("some")];
    const { code, stdout, stderr } = await cli.run(args, { interruptAt: "b.png: 80×72" });
    expect({ code, stdout }).toEqual({ code: 130, stdout: "" });
    const written = readdirSync(cli.file("some"));
    expect(stderr).toContain(`Canceled; ${written.length} of 12 images were written.\n`);
    expect(written.length).toBeGreaterThan(0);
    expect(written.length).toBeLessThan(12);
    for (const name of written) expect((await readImage(join(cli.file("some"), name))).width).toBe(160);

    const alone = [...args.slice(0, 1), IMAGE, ...args.slice(2, 4), "--steps", "2000", "--out"];
    mkdirSync(cli.file("empty"));
    const out = join(cli.file("empty"), "out.png");
    // The note comes before the steps.
    writeFileSync(cli.file("two.gif"), await twoPictures());
    const stopped = await cli.run(
      [...alone, out].map((arg) => (arg === IMAGE ? cli.file("two.gif") : arg)),
      {
        interruptAt: "holds 2 pictures",
      },
    );
    expect(stopped).toMatchObject({ code: 130, stdout: "" });
    expect(stopped.stderr).toMatch(/Canceled; nothing was written\.\n$/);
    expect(readdirSync(cli.file("empty"))).toEqual([]);
  });
});

describe("is refused before any work:", () => {
  it("too large a result", async () => {
    const path = cli.file("large.png");
    const create = { width: 6000, height: 5000, channels: 3 as const, background: "gray" };
    await sharp({ create }).png({ compressionLevel: 1 }).toFile(path);
    const { code, stdout, stderr } = await upscale(path, ...FAST, "--out", cli.file("o.png"));
    expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
    expect(stderr).toMatch(/^metakernelgan: [^\n]+ 120 megapixels; at most 100 [^\n]+\n$/);
  });

  it.each<[string, () => string[], string]>([
    ["no output", () => [IMAGE], "--out"],
    ["no image", () => ["--out", "out.png"], "images"],
    ["an unknown ending", () => [IMAGE, "--out", cli.file("out.bmp")], ".png, .jpg, .webp, .tiff or .avif"],
    ["no ending", () => [IMAGE, "--out", cli.file("nofolder")], "or name a folder"],
    ["another format", () => [IMAGE, "--out", cli.file("o.png"), "--format", "jpeg"], "does not fit"],
    ["a file for a folder", () => [folder("f"), IMAGE, "--out", cli.file("o.png")], "holds no"],
    ["a file for two images", () => [IMAGE, IMAGE, "--out", cli.file("o.png")], "name a folder"],
    ["one name twice", () => [IMAGE, IMAGE, "--out", cli.file("o")], "Two results"],
    ["the image itself", () => [IMAGE, "--out", IMAGE], "is read by this command"],
    ["its folder", () => [IMAGE, "--out", cli.file(".")], "is read by this command"],
    [
      "one output twice",
      () => [IMAGE, "--out", cli.file("o.png"), "--compare", cli.file("o.png")],
      "Two results",
    ],
    [
      "a sheet that is no PNG",
      () => [IMAGE, "--out", cli.file("o.png"), "--sheet", "s.jpg"],
      "written as .png",
    ],
    [
      "one comparison of two",
      () => [IMAGE, cli.file("x.png"), "--out", cli.file("o"), "--compare", "c.png"],
      "--sheet c.png",
    ],
    ["an estimate of a given kernel", () => [IMAGE, ...FAST, "--out", "o.png", "--steps", "3"], "--steps"],
    [
      "initial weights with a given kernel",
      () => [IMAGE, ...FAST, "--out", "o.png", "--init", "s"],
      "--init",
    ],
    [
      "an orientation of nothing",
      () => [IMAGE, "--out", cli.file("o.png"), "--orientation", "convolution"],
      "--kernel",
    ],
    [
      "weights of the fast one",
      () => [IMAGE, ...FAST, "--out", cli.file("o.png"), "--upscaler-weights", "w"],
      "--model fast",
    ],
    [
      "half precision of the fast one",
      () => [IMAGE, ...FAST, "--out", cli.file("o.png"), "--precision", "f16"],
      "--model fast",
    ],
    ["too much noise", () => [IMAGE, "--out", "o.png", "--sigma", "51"], "number from 0 to 50"],
    ["an unknown scale", () => [IMAGE, "--out", "o.png", "--scale", "5"], "Allowed choices are 1, 2, 3, 4"],
    ["too small tiles", () => [IMAGE, "--out", cli.file("o.png"), "--tile", "255"], "at least 256 at ×2"],
    ["an unknown model", () => [IMAGE, "--out", "o.png", "--model", "magic"], "usrnet, fast"],
  ])("%s", async (_what, args, message) => {
    const { code, stdout, stderr } = await upscale(...args());
    const isFolderError = message === "holds no";
    expect({ code, stdout }).toEqual({ code: isFolderError ? 1 : 2, stdout: "" });
    expect(stderr).toMatch(/^metakernelgan: [^\n]+\n$/);
    expect(stderr).toContain(message);
  });

  it.for<[string, () => string[], string]>([
    ["a missing image", () => [cli.file("no.png"), ...FAST, "--out", cli.file("o.png")], "no such file"],
    [
      "a missing kernel",
      () => [IMAGE, "--kernel", cli.file("no.npy"), "--out", cli.file("o.png")],
      "no such file",
    ],
    [
      "a kernel for ×2 at ×4",
      () => [IMAGE, ...FAST, "--scale", "4", "--out", cli.file("o.png")],
      "for ×2, not ×4",
    ],
    ["a missing folder", () => [IMAGE, ...FAST, "--out", cli.file("nowhere/o.png")], "does not exist"],
    ["a file as a folder", () => [IMAGE, ...FAST, "--out", `${KERNEL_FILE}/deep/`], "cannot be a folder"],
    ["a file that is protected", () => [IMAGE, ...FAST, "--out", readOnly("kept.png")], "permission denied"],
    ["too wide an image", () => [wide(), ...FAST, "--out", cli.file("o.webp")], "write PNG instead"],
    [
      "missing weights",
      () => [IMAGE, "--out", cli.file("o.png"), "--upscaler-weights", cli.file("w")],
      "no such file",
    ],
  ])("%s", async ([what, args, message], context) => {
    if (what.includes("protected")) skipAsRoot(context);
    const { code, stdout, stderr } = await upscale(...args());
    expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
    expect(stderr).toMatch(/^metakernelgan: [^\n]+\n$/);
    expect(stderr).toContain(message);
    expect(existsSync(cli.file("o.png"))).toBe(false);
  });
});

/** A folder of its own. */
function folder(name: string): string {
  mkdirSync(cli.file(name), { recursive: true });
  return cli.file(name);
}

function readOnly(name: string): string {
  writeFileSync(cli.file(name), "");
  chmodSync(cli.file(name), 0o444);
  return cli.file(name);
}

/** An image that WebP cannot hold once it is enlarged. */
function wide(): string {
  const path = cli.file("wide.png");
  const png = new PNG({ width: 8200, height: 16 });
  writeFileSync(path, PNG.sync.write(png));
  return path;
}

async function twoPictures(): Promise<Buffer> {
  const frames = [0, 1].map((i) =>
    sharp({
      create: {
        width: 64,
        height: 64,
        channels: 3,
        background: i ? "red" : "blue",
        noise: { type: "gaussian", mean: 128, sigma: 40 },
      },
    })
      .png()
      .toBuffer(),
  );
  return sharp(await Promise.all(frames), { join: { animated: true } })
    .gif()
    .toBuffer();
}
