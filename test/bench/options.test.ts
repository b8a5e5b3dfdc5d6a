import { CommanderError } from "commander";
import { afterEach, describe, expect, it, vi } from "vitest";
import { requireInstalled } from "../../bench/baselines/index.js";
import { parseOptions } from "../../bench/options.js";

const parse = (...argv: string[]) => parseOptions(argv, "results");

afterEach(() => void vi.restoreAllMocks());

describe("the bench's options", () => {
  it("measure everything unless told otherwise", () => {
    const { node, parts, baselines, workloads, samples, out, since } = parse();
    expect({ node, parts, samples, out, since }).toEqual({
      node: undefined,
      parts: ["kernels", "jobs", "workloads"],
      samples: 20,
      out: "results",
      since: undefined,
    });
    expect(baselines).toContain("tfjs");
    expect(workloads).toContain("meta-step");
  });

  it("take lists, and none", () => {
    const options = parse(
      "--node",
      "--parts",
      "workloads",
      "--baselines",
      "none",
      "--workloads",
      "meta-step",
    );
    expect(options).toMatchObject({
      node: true,
      parts: ["workloads"],
      baselines: [],
      workloads: ["meta-step"],
    });
  });

  it.each([
    [["--speed"], /unknown option '--speed'/],
    [["--baselines", "keras"], /There is no keras: choose from jax, tfjs, ort, pytorch\./],
    [["--samples", "0"], /whole number of at least 1/],
    [["--since"], /argument missing/],
    [["extra"], /too many arguments/],
  ])("say in one line what is wrong with %s", (argv, line) => {
    const write = vi.spyOn(process.stderr, "write").mockReturnValue(true);
    expect(() => parse(...argv)).toThrow(CommanderError);
    const text = write.mock.calls.map(([chunk]) => chunk).join("");
    expect(text).toMatch(line);
    expect(text.trim().split("\n")).toHaveLength(1);
  });

  it("want the bench's own dependencies only for the baselines that are packages", () => {
    expect(() => requireInstalled("/nowhere", ["jax"])).toThrow(/run npm ci --prefix bench/);
    requireInstalled("/nowhere", ["pytorch"]);
    requireInstalled("/nowhere", []);
  });
});
