import { CommanderError } from "commander";
import { afterEach, describe, expect, it, vi } from "vitest";
import { requireInstalled } from "../../bench/baselines/index.js";
import { parseOptions } from "../../bench/options.js";

const parse = (...argv: string[]) => parseOptions(argv, "results");

afterEach(() => void vi.restoreAllMocks());

describe("the bench's options", () => {
  it("measure everything unless told otherwise", () => {
    const { node, parts, peers, works, samples, out, compare } = parse();
    expect({ node, parts, samples, out, compare }).toEqual({
      node: undefined,
      parts: ["kernels", "jobs", "works"],
      samples: 20,
      out: "results",
      compare: undefined,
    });
    expect(peers).toContain("tfjs");
    expect(works).toContain("meta-step");
  });

  it("take lists, and none", () => {
    const options = parse("--node", "--parts", "works", "--peers", "none", "--works", "meta-step");
    expect(options).toMatchObject({ node: true, parts: ["works"], peers: [], works: ["meta-step"] });
  });

  it.each([
    [["--speed"], /unknown option '--speed'/],
    [["--peers", "keras"], /There is no keras; there are jax, tfjs, ort, pytorch\./],
    [["--samples", "0"], /whole number from 1 up/],
    [["--compare"], /argument missing/],
    [["extra"], /too many arguments/],
  ])("say in one line what is wrong with %s", (argv, line) => {
    const write = vi.spyOn(process.stderr, "write").mockReturnValue(true);
    expect(() => parse(...argv)).toThrow(CommanderError);
    const text = write.mock.calls.map(([chunk]) => chunk).join("");
    expect(text).toMatch(line);
    expect(text.trim().split("\n")).toHaveLength(1);
  });

  it("want the bench's own dependencies only for the peers that are packages", () => {
    expect(() => requireInstalled("/nowhere", ["jax"])).toThrow(/run npm ci --prefix bench/);
    requireInstalled("/nowhere", ["pytorch"]);
    requireInstalled("/nowhere", []);
  });
});
