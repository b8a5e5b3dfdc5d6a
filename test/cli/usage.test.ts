import { readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, it } from "vitest";
import { PHOTO, useCli } from "../support/cli.js";
import { ROOT } from "../support/root.js";

const cli = useCli();

describe("help and version", () => {
  it.each([
    [],
    ["upscale"],
    ["estimate"],
    ["degrade"],
    ["evaluate"],
    ["compare"],
    ["import"],
    ["devices"],
    ["doctor"],
    ["train"],
    ["train", "gan"],
    ["train", "upscaler"],
    ["train", "photos"],
    ["train", "spectral"],
    ["train", "upscaler-samples"],
    ["train", "spectral-samples"],
  ])("gives examples: %s --help", async (...command) => {
    const { code, stdout, stderr } = await cli.run([...command, "--help"]);
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    expect(stdout).toContain("Usage: metakernelgan");
    expect(stdout).toContain(`$ metakernelgan ${command.join(" ")}`);
  });

  it("prints the version", async () => {
    const { version } = JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8"));
    expect(await cli.run(["--version"])).toEqual({ code: 0, stdout: `${version}\n`, stderr: "" });
  });
});

describe("wrong usage", () => {
  it.each([
    ["no command", [], "command is missing"],
    ["an unknown command", ["frobnicate"], "frobnicate"],
    ["no image", ["estimate"], "image"],
    ["two images", ["estimate", PHOTO, PHOTO], "too many arguments"],
    ["an empty name", ["estimate", ""], "The argument after estimate is empty"],
    ["an empty value", ["estimate", PHOTO, "--out", ""], "The argument after --out is empty"],
    ["an unknown option", ["estimate", PHOTO, "--stepps", "3"], "--stepps"],
    ["negative steps", ["estimate", PHOTO, "--steps", "-1"], "whole number from 0 to 100000"],
    ["fractional steps", ["estimate", PHOTO, "--steps", "2.5"], "'2.5' is invalid"],
    ["too many steps", ["estimate", PHOTO, "--steps", "1000000"], "whole number from 0 to 100000"],
    ["a seed in letters", ["estimate", PHOTO, "--seed", "x"], "whole number from 0 to 4294967295"],
    ["an unknown scale", ["estimate", PHOTO, "--scale", "3"], "Allowed choices are 2, 4"],
    ["an unknown adapter", ["estimate", PHOTO, "--adapter", "abacus"], "swiftshader"],
    ["snapshots that are no list", ["estimate", PHOTO, "--snapshots", "1;2"], "comma-separated"],
    ["snapshots past the end", ["estimate", PHOTO, "--steps", "2", "--snapshots", "1,3"], "step 3"],
    ["an unknown ending", ["estimate", PHOTO, "--out", "kernel.tiff"], ".npy, .mat, .json or .png"],
    ["no folder of images", ["degrade", "--out", "out"], "--data"],
    ["an unknown setting", ["degrade", "--data", ".", "--out", "out", "--setting", "dirty"], "kernel-noise"],
    ["no benchmark", ["evaluate"], "--data"],
    ["too many runs", ["evaluate", "--data", ".", "--runs", "1001"], "whole number from 0 to 1000"],
    ["no runs, and no images", ["evaluate", "--data", ".", "--runs", "0"], "give --images, or more runs"],
    ["an upscaler of nothing", ["evaluate", "--data", ".", "--model", "fast"], "--model is about upscaled"],
    [
      "weights of nothing",
      ["evaluate", "--data", ".", "--upscaler-weights", "w"],
      "--upscaler-weights is about",
    ],
    ["images after no step", ["evaluate", "--data", ".", "--images", "3", "--steps", "2,5"], "names step 3"],
    ["too many steps to compare", ["evaluate", "--data", ".", "--steps", "1,100001"], "from 0 to 100000"],
    ["an unknown method", ["estimate", PHOTO, "--method", "guess"], "Allowed choices are spectral, meta"],
    [
      "weights for KernelGAN",
      ["estimate", PHOTO, "--method", "kernelgan", "--init", "w.safetensors"],
      "starts at random",
    ],
    [
      "an unknown method to compare",
      ["compare", "--data", ".", "--methods", "meta,hybrid"],
      "some of gaussian",
    ],
    [
      "settings that are no list",
      ["compare", "--data", ".", "--settings", "x3"],
      "comma-separated list, such as",
    ],
    [
      "initial weights of the spectrum",
      ["estimate", PHOTO, "--method", "spectral", "--init", "w"],
      "--init is only for adaptations",
    ],
    [
      "spectral weights of an adaptation",
      ["estimate", PHOTO, "--method", "meta", "--spectral-weights", "w"],
      "only for --method spectral",
    ],
    ["a kernel written twice", ["estimate", PHOTO, "--out", "k.npy", "--out", "k.npy"], "Two results"],
    ["weights of another ending", ["import", PHOTO, "out.bin"], ".safetensors"],
  ])("is refused with one line: %s", async (_what, args, message) => {
    const { code, stdout, stderr } = await cli.run(args);
    expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
    expect(stderr).toMatch(/^metakernelgan: [^\n]+\n$/);
    expect(stderr.toLowerCase()).toContain(message.toLowerCase());
  });
});

describe("a file whose name begins with a dash", () => {
  it.each(["-dash.jpg", "-rain.jpg", "--photo.jpg"])("is given with its folder: %s", async (name) => {
    const before = process.cwd();
    process.chdir(dirname(cli.file(name)));
    try {
      writeFileSync(name, "");
      const { code, stderr } = await cli.run(["upscale", name, "--out", "out.png"]);
      expect(code).toBe(2);
      expect(stderr).toMatch(/^metakernelgan: Unknown option [^\n]+\n$/);
      expect(stderr).toContain(`If the file ${name} is meant, give ./${name}.`);
    } finally {
      process.chdir(before);
    }
  });
});

describe("in a process of its own", () => {
  it.each([
    [["--help"], 0],
    [["--version"], 0],
    [["frobnicate"], 2],
    [["estimate", "--steps", "x", PHOTO], 2],
    [["estimate", "nothing.png"], 1],
  ])("has the exit code and the output that it has in this one: %s", async (args, code) => {
    const spawned = await cli.spawn(args);
    expect(spawned.code).toBe(code);
    expect(spawned).toEqual(await cli.run(args));
  });
});
