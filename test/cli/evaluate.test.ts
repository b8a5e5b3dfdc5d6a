import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { useCli } from "../support/cli.js";
import { writeHrImages } from "../support/hr-images.js";

const cli = useCli();
const DATA = cli.file("benchmark");
const LR = join(DATA, "KernelGANFKP_lr_x2_clean");
const KERNELS = join(DATA, "KernelGANFKP_gt_k_x2_clean");

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
        ["estimate", image, "--steps", "3", "--record", "0,3"].concat("--seed", seed, "--json"),
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

  it("stops at Ctrl-C with one line", async () => {
    const { code, stdout, stderr } = await cli.run(
      ["evaluate", "--data", DATA, "--runs", "2", "--steps", "40"],
      {
        interruptAt: "40 of 160 steps",
      },
    );
    expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
    expect(stderr).toMatch(/160 steps\.\nmetakernelgan: Cancelled; nothing was written\.\n$/);
  });

  it.each<[string, () => () => void, string, ...string[]]>([
    ["an image without kernel", () => rename(KERNELS, "second"), "no kernel, .mat or .json, of second"],
    ["a kernel without image", () => rename(LR, "second"), "no image of second"],
    ["a kernel of another size", () => copyOther("first"), "a kernel for ×2 has 11×11 values"],
    ["an image that cannot be read", () => write(LR, "first.png", "No picture."), "is not an image"],
    ["a kernel that cannot be read", () => write(KERNELS, "second.mat", "No."), "no MATLAB level 5 file"],
    ["a setting that is not there", () => () => {}, "there is no such folder", "--setting", "image-noise"],
  ])("refuses %s before any work", async (_what, spoil, message, ...more) => {
    const restore = spoil();
    const { code, stdout, stderr } = await evaluate("--steps", "1", ...more);
    restore();
    expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
    expect(stderr).toMatch(/^metakernelgan: [^\n]+\n$/);
    expect(stderr).toContain(message);
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

/** Puts the ×4 kernel, in the words of a published benchmark, in the place of the ×2 one. */
function copyOther(name: string): () => void {
  const { kernel } = JSON.parse(
    readFileSync(join(DATA, "KernelGANFKP_gt_k_x4_clean", `${name}.json`), "utf8"),
  );
  return write(KERNELS, `${name}.json`, JSON.stringify({ kernel }));
}
