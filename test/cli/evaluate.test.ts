import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { cropImage } from "../../src/image/crop-image.js";
import { psnrY, ssimY } from "../../src/image/metrics/image-metrics.js";
import { upscaleBicubic } from "../../src/image/resize/bicubic.js";
import { degrade } from "../../src/kernel/degradation/degrade.js";
import { gaussianKernel } from "../../src/kernel/families/gaussian-kernel.js";
import { toNaturalGrid } from "../../src/kernel/natural-kernel.js";
import { writeKernel } from "../../src/node/files/kernel-files.js";
import { readImage } from "../../src/node/image-io/read-image.js";
import { writeImage } from "../../src/node/image-io/write-image.js";
import { PHOTO, useCli } from "../support/cli.js";
import { writeHrImages } from "../support/hr-images.js";
import { findReference } from "../support/reference.js";

const cli = useCli();
const DATA = cli.file("benchmark");
const LR = join(DATA, "KernelGANFKP_lr_x2_clean");
const KERNELS = join(DATA, "KernelGANFKP_gt_k_x2_clean");

const IMAGES = ["--images", "--model", "fast", "--hr", cli.file("hr")];
const NO_WEIGHTS = ["--model", "usrnet", "--upscaler-weights", cli.file("nothing.safetensors")];

const evaluate = (...more: string[]) => cli.run(["evaluate", "--data", DATA, ...more]);

beforeAll(async () => {
  await writeHrImages(cli.file("hr"), ["first.png", "second.png"], 140, 132);
  for (const scale of ["2", "4"]) {
    const { code } = await cli.run([
      "degrade",
      "--data",
      cli.file("hr"),
      "--out",
      DATA,
      "--scale",
      scale,
      "--seed",
      "3",
    ]);
    expect(code).toBe(0);
  }
});

describe("evaluate", () => {
  it("prints the figures that estimate's kernels give, as one JSON object", async () => {
    const { code, stdout, stderr } = await evaluate(
      ...["--runs", "2", "--steps", "0,3", "--seed", "5", "--json"],
    );
    expect(code).toBe(0);
    expect(stderr).toBe("");
    expect(stdout).toMatch(/^\{.*\}\n$/);
    const result = JSON.parse(stdout);
    expect(result).toMatchObject({ scale: 2, runs: 2, seed: 5, method: "meta" });
    expect(result.weights.path).toMatch(/models\/metakernelgan\.safetensors$/);
    expect(result.adapter).toMatchObject({ name: expect.any(String), kind: expect.any(String) });
    expect(result.images.map(({ name }: { name: string }) => name)).toEqual(["first", "second"]);

    // From definitions, on what another command prints.
    const truth = JSON.parse(readFileSync(join(KERNELS, "second.json"), "utf8")).kernel as number[][];
    const scores = { 0: [] as number[], 3: [] as number[] };
    for (const seed of ["5", "6"]) {
      const image = join(LR, "second.png");
      const run = await cli.run(
        ["estimate", image, "--steps", "3", "--snapshots", "0,3"].concat("--seed", seed, "--json"),
      );
      const { kernels } = JSON.parse(run.stdout);
      for (const step of [0, 3] as const) {
        const squares = truth.flatMap((row, r) => row.map((value, c) => (kernels[step][r][c] - value) ** 2));
        scores[step].push(10 * Math.log10(121 / squares.reduce((sum, value) => sum + value, 0)));
      }
    }
    for (const step of [0, 3] as const) {
      const expected = (scores[step][0] + scores[step][1]) / 2;
      expect(result.images[1].steps[step].kernelPsnr).toBeCloseTo(expected, 9);
      const [first, second] = result.images.map((each: Record<string, never>) => each.steps[step]);
      const { kernelPsnr, kernelCov, kernelPsnrStd } = result.mean[step];
      expect(kernelPsnr).toBeCloseTo((first.kernelPsnr + second.kernelPsnr) / 2, 9);
      expect(kernelCov).toBeCloseTo((first.kernelCov + second.kernelCov) / 2, 9);
      // Before the first step the seed plays no part.
      if (step === 0) expect(kernelPsnrStd).toBe(0);
      else expect(kernelPsnrStd).toBeGreaterThan(0);
    }
  });

  it("prints Markdown tables for people, and takes folders by name", async () => {
    const { code, stdout } = await cli.run([
      ...["evaluate", "--data", cli.file("."), "--scale", "4", "--runs", "1", "--steps", "0,1"],
      ...["--lr", "benchmark/KernelGANFKP_lr_x4_clean"],
      ...["--kernels", join(DATA, "KernelGANFKP_gt_k_x4_clean")],
    ]);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^×4, 2 images, 1 run each from seed 0, on /);
    expect(stdout).toContain("| Image, 1 step | Kernel PSNR | K-COV |\n| --- | ---: | ---: |\n| first |");
    expect(stdout).toMatch(
      /\| 0 \| \d+\.\d\d \| 0\.00 \| \d+\.\d\d \|\n\| 1 \| \d+\.\d\d \| 0\.00 \| \d+\.\d\d \|\n$/,
    );
  });

  it("reads kernels whose JSON has rows alone, as published benchmarks have it, and prefers .mat", async () => {
    const args = ["--runs", "1", "--steps", "0", "--json"];
    const { kernel } = JSON.parse(readFileSync(join(KERNELS, "first.json"), "utf8"));
    // The .mat counts while it is there, so that this is not looked at.
    writeFileSync(join(KERNELS, "first.json"), "{}");
    const { images } = JSON.parse((await evaluate(...args)).stdout);
    expect(images).toHaveLength(2);
    writeFileSync(join(KERNELS, "first.json"), JSON.stringify({ shape: [11, 11], sum: 1, kernel }));
    rmSync(join(KERNELS, "first.mat"));
    expect(JSON.parse((await evaluate(...args)).stdout).images).toEqual(images);
  });

  it("compares the images too: at the last step, with the true kernels, and bicubic", async () => {
    const { code, stdout, stderr } = await evaluate(
      ...["--runs", "1", "--steps", "0,3", "--images", "--model", "fast", "--hr", cli.file("hr"), "--json"],
    );
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    const result = JSON.parse(stdout);
    expect(result).toMatchObject({ model: "fast", upscalerWeights: null, sigma: 0 });
    const { images, mean, bicubic, trueKernel } = result;
    const score = { psnr: expect.any(Number), ssim: expect.any(Number) };
    for (const each of [mean, ...images.map(({ steps }: { steps: unknown }) => steps)]) {
      expect(each[3]).toMatchObject(score);
      expect(each[0]).not.toHaveProperty("psnr");
    }

    // On what another command writes, with the kernel of the benchmark and with the one estimated.
    const hr = (await readImage(join(cli.file("hr"), "second.png"))).rgb;
    const lr = join(LR, "second.png");
    const expected = async (...more: string[]) => {
      const args = [
        lr,
        "--model",
        "fast",
        "--sigma",
        "0",
        "--boundary",
        "circular",
        "--align",
        "paper",
        "--out",
        cli.file("sr.png"),
        ...more,
      ];
      expect((await cli.run(["upscale", ...args])).code).toBe(0);
      const sr = (await readImage(cli.file("sr.png"))).rgb;
      return { psnr: psnrY(sr, hr, 2), ssim: ssimY(sr, hr, 2) };
    };
    expect(images[1].trueKernel).toEqual(await expected("--kernel", join(KERNELS, "second.mat")));
    const { kernelPsnr, kernelCov, ...estimated } = images[1].steps[3];
    expect(estimated).toEqual(await expected("--steps", "3"));
    const enlarged = upscaleBicubic((await readImage(lr)).rgb, 2);
    expect(images[1].bicubic).toEqual({ psnr: psnrY(enlarged, hr, 2), ssim: ssimY(enlarged, hr, 2) });

    const middle = (of: (image: (typeof images)[number]) => number) => (of(images[0]) + of(images[1])) / 2;
    expect(mean[3].psnr).toBeCloseTo(middle(({ steps }) => steps[3].psnr));
    expect(bicubic.psnr).toBeCloseTo(middle((image) => image.bicubic.psnr));
    expect(trueKernel.ssim).toBeCloseTo(middle((image) => image.trueKernel.ssim));
  });

  it("needs no estimates for the true kernels, and takes true images from HR", async () => {
    renameSync(cli.file("hr"), join(DATA, "HR"));
    const args = ["--runs", "0", "--images", "--model", "fast", "--scale", "4"];
    const { code, stdout } = await evaluate(...args);
    const json = JSON.parse((await evaluate(...args, "--json")).stdout);
    renameSync(join(DATA, "HR"), cli.file("hr"));
    expect(code).toBe(0);
    expect(json.mean).toEqual({});
    expect(json.images[0]).toEqual({
      name: "first",
      steps: {},
      bicubic: { psnr: expect.any(Number), ssim: expect.any(Number) },
      trueKernel: { psnr: expect.any(Number), ssim: expect.any(Number) },
    });
    const [first] = json.images;
    const text = ({ psnr, ssim }: { psnr: number; ssim: number }) =>
      `${psnr.toFixed(2)} / ${ssim.toFixed(4)}`;
    expect(stdout).toMatch(/^×4, 2 images, no estimates, on /);
    expect(stdout).toContain(
      `| Image | Bicubic | True kernel |\n| --- | ---: | ---: |\n| first | ${text(first.bicubic)} | ${text(first.trueKernel)} |`,
    );
    expect(stdout).toMatch(
      /\n\n\| Mean without an estimate \| PSNR \/ SSIM \|\n\| --- \| ---: \|\n\| bicubic \| .+\n\| true kernel \| .+\n$/,
    );
  });

  it("upscales after the steps that are named, in each run", async () => {
    const { stdout } = await evaluate(
      ...["--runs", "2", "--steps", "0,1,2", "--images", "0,2", "--model", "fast", "--hr", cli.file("hr")],
    );
    const score = String.raw`\d+\.\d\d \/ \d\.\d{4}`;
    const [zero, one, two] = stdout.split("\n").filter((line) => /^\| [012] \|/.test(line));
    expect(zero).toMatch(new RegExp(`\\| ${score} \\|$`));
    expect(one).toMatch(/\| {2}\|$/);
    expect(two).toMatch(new RegExp(`\\| ${score} \\|$`));
  });

  it("stops at Ctrl-C with one line", async () => {
    const { code, stdout, stderr } = await cli.run(
      ["evaluate", "--data", DATA, "--runs", "2", "--steps", "40"],
      {
        interruptAt: "40 of 160 steps",
      },
    );
    expect({ code, stdout }).toEqual({ code: 130, stdout: "" });
    expect(stderr).toMatch(/160 steps\.\nmetakernelgan: Canceled; nothing was written\.\n$/);
  });

  it.each<[string, () => () => void, string, ...string[]]>([
    ["an image without kernel", () => rename(KERNELS, "second"), "no kernel, .mat or .json, of second"],
    ["a kernel without image", () => rename(LR, "second"), "no image of second"],
    ["a kernel of another size", () => copyOther("first"), "a kernel for ×2 has 11×11 values"],
    ["an image that cannot be read", () => write(LR, "first.png", "No picture."), "is not an image"],
    ["a kernel that cannot be read", () => write(KERNELS, "second.mat", "No."), "not a MATLAB level 5 file"],
    ["a setting that is not there", () => () => {}, "there is no such folder", "--setting", "image-noise"],
    ["images without true ones", () => () => {}, "HR cannot be read", "--images", "--model", "fast"],
    ["a true image that is missing", () => rename(cli.file("hr"), "second"), "no image of second", ...IMAGES],
    [
      "a true image of another size",
      () => copyImage(),
      "second.png has 70×66 pixels, so the low-resolution image",
      ...IMAGES,
    ],
    ["a network that is not there", () => () => {}, "there is no such file", ...IMAGES, ...NO_WEIGHTS],
  ])("refuses %s before any work", async (_what, spoil, message, ...more) => {
    const restore = spoil();
    const { code, stdout, stderr } = await evaluate("--steps", "1", ...more);
    restore();
    expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
    expect(stderr).toMatch(/^metakernelgan: [^\n]+\n$/);
    expect(stderr).toContain(message);
  });
});

describe("a benchmark of another convention, as DIV2KRK", () => {
  const folder = (name: string) => cli.file(join("div2krk", name));
  const args = [
    ...["evaluate", "--data", cli.file("div2krk"), "--lr", "lr", "--kernels", "gt_k", "--hr", "gt"],
    ...["--method", "spectral", "--runs", "1", "--images", "--model", "fast", "--json"],
  ];

  beforeAll(async () => {
    for (const name of ["lr", "gt_k", "gt"]) mkdirSync(folder(name), { recursive: true });
    const { data, width, height } = (await readImage(PHOTO)).rgb;
    const size = { width: 200, height: 160 };
    const scene = cropImage({ data, width, height }, { left: 100, top: 100, ...size });
    const kernel = toNaturalGrid(gaussianKernel({ lambda1: 2, lambda2: 1, theta: 0.5 }));
    expect(kernel.size).toBe(13);
    await writeImage(join(folder("gt"), "img_1_gt.png"), { rgb: scene });
    await writeImage(join(folder("lr"), "im_1.png"), { rgb: degrade(scene, kernel, 2) });
    await writeKernel(join(folder("gt_k"), "kernel_1.mat"), kernel);
  });

  it("needs no option where the setting names it", async () => {
    const out = cli.file("divkrk");
    const made = await cli.run([
      ...["degrade", "--data", folder("gt"), "--out", out],
      ...["--setting", "divkrk"],
    ]);
    expect(made.code, made.stderr).toBe(0);
    const { stdout, stderr } = await cli.run([
      ...["evaluate", "--data", out, "--setting", "divkrk", "--hr", folder("gt"), "--images"],
      ...["--method", "spectral", "--runs", "1", "--model", "fast", "--json"],
    ]);
    expect(stderr).toBe("");
    const { align, trueKernel, bicubic } = JSON.parse(stdout);
    expect(align).toBe("photo");
    // A kernel on the paper's grid would move the picture by a pixel, and lose to bicubic.
    expect(trueKernel.psnr).toBeGreaterThan(bicubic.psnr + 2);
  });

  it("is named, with the option that mends it", async () => {
    const { code, stdout, stderr } = await cli.run(args);
    expect(code, stderr).toBe(0);
    expect(stderr).toMatch(
      /^metakernelgan: The true kernels are centered at \(0\.5., 0\.5.\)[^\n]+ give --align photo\.\n$/,
    );
    const mended = await cli.run([...args, "--align", "photo"]);
    expect(mended).toMatchObject({ code: 0, stderr: "" });
    const [wrong, right] = [stdout, mended.stdout].map((text) => JSON.parse(text).mean[0]);
    expect(right.psnr).toBeGreaterThan(wrong.psnr + 3);
    expect(right.kernelPsnr).toBeGreaterThan(wrong.kernelPsnr + 3);
    expect(JSON.parse(mended.stdout)).toMatchObject({ align: "photo", images: [{ name: "im_1" }] });
  });
});

const SET14 = findReference("data/test/Set14", "evaluation of Set14") as string;
const USRNET = findReference(
  "reference/usrnet_tiny.safetensors",
  "evaluation of the authors' USRNet",
) as string;

describe.skipIf(!SET14)("Set14", () => {
  const run = async (data: string, ...more: string[]) => {
    const { stdout } = await cli.run([
      "evaluate",
      "--data",
      data,
      "--runs",
      "0",
      "--images",
      "--json",
      ...more,
    ]);
    return JSON.parse(stdout);
  };

  it("has the published figures of bicubic, and far better ones with the true kernels", async () => {
    const { bicubic, trueKernel } = await run(SET14, "--model", "fast");
    expect(Math.abs(bicubic.psnr - 24.85)).toBeLessThan(0.005);
    expect(Math.abs(bicubic.ssim - 0.6939)).toBeLessThan(0.00005);
    expect(trueKernel.psnr).toBeGreaterThan(30.5);
  });

  it.skipIf(!USRNET)("has the figures of the authors' USRNet with true kernels", async () => {
    const few = cli.file("few");
    for (const folder of ["HR", "KernelGANFKP_lr_x2_clean", "KernelGANFKP_gt_k_x2_clean"]) {
      mkdirSync(join(few, folder), { recursive: true });
      for (const file of ["comic.png", "comic.mat", "face.png", "face.mat"]) {
        const path = join(SET14, folder, file);
        if (existsSync(path)) copyFileSync(path, join(few, folder, file));
      }
    }
    const { images } = await run(few, "--upscaler-weights", USRNET);
    // Of a float64 implementation of its own; over all of Set14 this one gives 32.56.
    const psnr = images.map(({ trueKernel }: { trueKernel: { psnr: number } }) => trueKernel.psnr);
    expect(Math.abs(psnr[0] - 29.158)).toBeLessThan(0.005);
    expect(Math.abs(psnr[1] - 34.943)).toBeLessThan(0.005);
  });
});

/** Takes all files of a name away; gives what brings them back. */
function rename(folder: string, name: string): () => void {
  const aside = cli.file("aside");
  mkdirSync(aside, { recursive: true });
  const files = [".png", ".mat", ".json"]
    .map((ending) => name + ending)
    .filter((file) => {
      try {
        renameSync(join(folder, file), join(aside, file));
        return true;
      } catch {
        return false;
      }
    });
  return () => {
    for (const file of files) renameSync(join(aside, file), join(folder, file));
  };
}

/** Replaces a file; gives what brings it back. */
function write(folder: string, file: string, contents: string | Uint8Array): () => void {
  const before = readFileSync(join(folder, file));
  writeFileSync(join(folder, file), contents);
  return () => writeFileSync(join(folder, file), before);
}

/** Puts a low-resolution image in the place of a true one. */
function copyImage(): () => void {
  return write(cli.file("hr"), "second.png", readFileSync(join(LR, "second.png")));
}

/** Puts the ×4 kernel, in the words of a published benchmark, in the place of the ×2 one. */
function copyOther(name: string): () => void {
  const { kernel } = JSON.parse(
    readFileSync(join(DATA, "KernelGANFKP_gt_k_x4_clean", `${name}.json`), "utf8"),
  );
  return write(KERNELS, `${name}.json`, JSON.stringify({ kernel }));
}
