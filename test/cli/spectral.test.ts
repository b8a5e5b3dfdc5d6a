import { mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import sharp from "sharp";
import { beforeAll, describe, expect, it } from "vitest";
import { cropImage } from "../../src/image/crop-image.js";
import { rgbImage } from "../../src/image/rgb-image.js";
import { degrade } from "../../src/kernel/degradation/degrade.js";
import { gaussianKernel } from "../../src/kernel/families/gaussian-kernel.js";
import { motionKernel } from "../../src/kernel/families/motion-and-disk-kernels.js";
import { kernelCovariance } from "../../src/kernel/metrics/kernel-metrics.js";
import { readImage } from "../../src/node/image-io/read-image.js";
import { writeImage } from "../../src/node/image-io/write-image.js";
import { PHOTO, useCli } from "../support/cli.js";
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
    expect(stdout).toContain("Kernel for ×2, 11×11, by the spectral estimator:");
    expect(stdout).toMatch(/noise +standard deviation \d+\.\d of 255/);
    expect(stdout).toMatch(/error +a K-COV of about \d+\.\d\d square pixels is likely/);
  });

  it("gives way to an adaptation where an option is about one", async () => {
    const { method, kernels } = JSON.parse((await estimate("moved.png", "--steps", "1", "--json")).stdout);
    expect(method).toBe("meta");
    expect(Object.keys(kernels)).toEqual(["1"]);
    const refused = await estimate("moved.png", "--method", "spectral", "--steps", "5");
    expect(refused).toMatchObject({ code: 2, stdout: "" });
    expect(refused.stderr).toMatch(/^metakernelgan: --steps is only for adaptations: [^\n]+\n$/);
  });

  it("refuses an image without a window, and weights of another network", async () => {
    await writeImage(cli.file("tiny.png"), { rgb: syntheticImage(1, 31, 40) });
    const tiny = await estimate("tiny.png");
    expect(tiny).toMatchObject({ code: 1, stdout: "" });
    expect(tiny.stderr).toMatch(/^metakernelgan: [^\n]*31×40[^\n]*method meta\.\n$/);
    const weights = join(cli.program, "models/usrnet.safetensors");
    const other = await estimate("moved.png", "--method", "spectral", "--spectral-weights", weights);
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
    for (const name of ["leaning", "noisy"]) {
      const { rgb } = await readImage(cli.file(`${name}.png`));
      const part = cropImage(rgb, { left: 100, top: 150, width: 128, height: 96 });
      await writeImage(cli.file(`part-${name}.png`), { rgb: part });
    }
    const clean = await upscale("part-leaning.png");
    expect(clean.sigma).toBe("auto");
    const noisy = await upscale("part-noisy.png");
    expect(noisy.images[0].sigma).toBeGreaterThan(clean.images[0].sigma + 5);
    expect((await upscale("part-noisy.png", "--sigma", "3")).images[0].sigma).toBe(3);
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
