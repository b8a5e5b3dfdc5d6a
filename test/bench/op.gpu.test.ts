import { describe, expect, it } from "vitest";
import { benchHere } from "./bench-here.js";

describe("bench op", () => {
  it("prints a table for each size of a sweep, forward and gradient", async () => {
    const { code, stdout } = await benchHere(
      "op",
      "matmul",
      "16..32",
      "--gradient",
      "--node",
      "--samples",
      "6",
    );
    expect(code).toBe(0);
    for (const size of ["16x16x16", "32x32x32"]) {
      expect(stdout).toContain(`| dispatch [workgroups], in matmul ${size} n1 |`);
    }
    expect(stdout).toMatch(/\| forward, all \| [\d.]+ \|/);
    expect(stdout).toMatch(/\| gradient, all \| [\d.]+ \|/);
    expect(stdout).toMatch(/Checked: result, at 16 places: within [\d.e-]+; gradients, by products/);
  });

  it.each([
    [["conv", "3x3"], /^bench: There is no operation "conv": choose from /],
    [["conv2d", "3x3"], /^bench: conv2d takes 4 sizes and got "3x3": /],
    [
      ["transpose", "8x8", "--gradient"],
      /^bench: transpose has no gradient in this engine: leave out --gradient\.$/,
    ],
    [
      ["matmul", "6x6x6", "--node", "--no-roofline"],
      /^bench: matmul wants sizes padded to multiples of four/,
    ],
    [
      ["add", "2000000000", "--node", "--no-roofline"],
      /^bench: .* takes \d+ MiB, and this device binds \d+ MiB at most/,
    ],
  ])("refuses %s in one sentence, with exit code 1", async (args, message) => {
    const { code, lines } = await benchHere("op", ...args);
    expect(lines.at(-1)).toMatch(message);
    expect(code).toBe(1);
  });
});
