import { CommanderError } from "commander";
import { afterEach, describe, expect, it, vi } from "vitest";
import { type CompareOptions, compareCommand } from "../../bench/commands/compare-options.js";
import { createProgram } from "../../bench/commands/program.js";
import { requireInstalled } from "../../bench/peers/index.js";

const parse = (...argv: string[]): CompareOptions =>
  compareCommand("results").exitOverride().parse(argv, { from: "user" }).opts();

afterEach(() => void vi.restoreAllMocks());

describe("the bench's options", () => {
  it("measure everything unless told otherwise", () => {
    const { node, parts, kernels, jobs, peers, workloads, samples, error, out, since } = parse();
    expect({ node, parts, kernels, jobs, samples, error, out, since }).toEqual({
      node: undefined,
      parts: ["kernels", "jobs", "workloads"],
      kernels: ["adaptation", "upscaling", "generatorByLayers"],
      jobs: ["estimate", "startUp", "upscale"],
      samples: 50,
      error: 0.03,
      out: "results",
      since: undefined,
    });
    expect(peers).toContain("tfjs");
    expect(workloads).toContain("meta-step");
  });

  it("take lists, and none", () => {
    const options = parse(
      "--node",
      "--parts",
      "workloads",
      "--peers",
      "none",
      "--workloads",
      "meta-step",
      "--error",
      "1.5",
      "--kernels",
      "upscaling",
      "--jobs",
      "startUp",
    );
    expect(options).toMatchObject({
      node: true,
      parts: ["workloads"],
      peers: [],
      workloads: ["meta-step"],
      error: 0.015,
      kernels: ["upscaling"],
      jobs: ["startUp"],
    });
  });

  it("take each choice once", () => {
    expect(parse("--kernels", "upscaling, adaptation,upscaling").kernels).toEqual([
      "upscaling",
      "adaptation",
    ]);
  });

  it.each([
    [["--speed"], /unknown option '--speed'/],
    [
      ["--peers", "keras"],
      /There is no keras: choose from jax, tfjs, ort, ort-wasm, pytorch, pytorch-compiled\./,
    ],
    [["--samples", "0"], /whole number of at least 1/],
    [["--error", "much"], /number of percent/],
    [["--kernels", "mine"], /There is no mine: choose from adaptation, upscaling, generatorByLayers\./],
    [["--kernels", "adaptation,"], /There is no empty choice: choose from adaptation, /],
    [["--since"], /argument missing/],
  ])("say in one line what is wrong with %s", (argv, line) => {
    const write = vi.spyOn(process.stderr, "write").mockReturnValue(true);
    expect(() => parse(...argv)).toThrow(CommanderError);
    const text = write.mock.calls.map(([chunk]) => chunk).join("");
    expect(text).toMatch(line);
    expect(text.trim().split("\n")).toHaveLength(1);
  });

  it.each([
    [["foo"], /^error: There is no command "foo": choose from compare, op, device, merge, wgsl\.$/],
    [["--node", "foo"], /^error: There is no command "foo": /],
    [["kernels"], /^error: There is no command "kernels": for the part kernels, give --parts kernels\.$/],
  ])("say that %s is no command", async (argv, line) => {
    const write = vi.spyOn(process.stderr, "write").mockReturnValue(true);
    const done = vi.fn();
    await expect(createProgram("/nowhere/", done).parseAsync(argv, { from: "user" })).rejects.toThrow(
      CommanderError,
    );
    expect(
      write.mock.calls
        .map(([chunk]) => chunk)
        .join("")
        .trim(),
    ).toMatch(line);
    expect(done).not.toHaveBeenCalled();
  });

  it("want the bench's own dependencies only for the peers that are packages", () => {
    expect(() => requireInstalled("/nowhere", ["jax"])).toThrow(/run npm ci --prefix bench/);
    requireInstalled("/nowhere", ["pytorch"]);
    requireInstalled("/nowhere", []);
  });
});
