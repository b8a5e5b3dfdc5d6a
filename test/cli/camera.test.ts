import { mkdirSync } from "node:fs";
import sharp from "sharp";
import { beforeAll, describe, expect, it } from "vitest";
import { PHOTO, useCli } from "../support/cli.js";

const cli = useCli();
const SET = cli.file("set");

beforeAll(async () => {
  mkdirSync(`${SET}/HR`, { recursive: true });
  await sharp(PHOTO)
    .extract({ left: 100, top: 100, width: 161, height: 140 })
    .png()
    .toFile(`${SET}/HR/a.png`);
});

describe("photos as cameras make them", () => {
  it("are compared the same whether made on the way or by degrade, and evaluated", async () => {
    const args = ["compare", "--data", SET, "--settings", "x2-camera", "--model", "fast", "--json"];
    const compare = async () => {
      const { code, stdout, stderr } = await cli.run([...args, "--methods", "spectral,true"]);
      expect(code, stderr).toBe(0);
      return JSON.parse(stdout).rows[0];
    };
    const made = await compare();
    expect(made).toMatchObject({ setting: "camera", scale: 2 });
    expect(made.scores.true[0]).toMatchObject({ name: "a", kernelCov: 0, error: 0 });
    expect(made.scores.spectral[0].kernelCov).toBeGreaterThan(0);
    // On any grid: a picture that lay a pixel beside the scene would be far worse.
    expect(Math.abs(made.scores.spectral[0].psnr - made.bicubic)).toBeLessThan(3);

    const degraded = await cli.run(["degrade", "--data", `${SET}/HR`, "--out", SET, "--setting", "camera"]);
    expect(degraded.code).toBe(0);
    const read = await compare();
    expect(read.bicubic).toBeCloseTo(made.bicubic, 6);
    expect(read.scores.true[0].psnr).toBeCloseTo(made.scores.true[0].psnr, 4);

    const { code, stdout, stderr } = await cli.run([
      ...["evaluate", "--data", SET, "--setting", "camera", "--method", "spectral"],
      ...["--runs", "1", "--images", "--model", "fast", "--json"],
    ]);
    expect(code, stderr).toBe(0);
    const { bicubic, mean } = JSON.parse(stdout);
    expect(bicubic.psnr).toBeCloseTo(made.bicubic, 6);
    const [score] = Object.values(mean) as { kernelCov: number }[];
    expect(score.kernelCov).toBeCloseTo(made.scores.spectral[0].kernelCov, 6);
  });

  it("are upscaled by the network for photos at each scale, unless another is named", async () => {
    const compare = async (...more: string[]) => {
      const args = ["compare", "--data", SET, "--settings", "x2-clean,x4-clean", "--methods", "true"];
      const { code, stdout, stderr } = await cli.run([...args, ...more]);
      expect(code, stderr).toBe(0);
      return stdout;
    };
    const models = async (...more: string[]) =>
      JSON.parse(await compare("--json", ...more)).rows.map(({ model }: { model: string }) => model);
    expect(await models()).toEqual(["small", "small"]);
    expect(await models("--model", "usrnet")).toEqual(["usrnet", "usrnet"]);
    expect(await compare()).toContain(
      "the network for photos (×2), the network for photos (×4) with sigma auto",
    );

    const kernels = await cli.run(["degrade", "--data", `${SET}/HR`, "--out", SET]);
    expect(kernels.code).toBe(0);
    const args = ["evaluate", "--data", SET, "--runs", "0", "--images", "--json"];
    const { code, stdout, stderr } = await cli.run(args);
    expect(code, stderr).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ model: "small" });
  });
});
