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
      "--no-roofline",
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
    expect(stdout).toMatch(/\n(Dispatches are timed by GPU timestamps|There are no .*)\. Samples: 6\.\n/);
    const sweep = stdout.split("| the sweep |")[1]?.split("\n") ?? [];
    expect(sweep.slice(2, 6).map((line) => line.split(" | ")[0])).toEqual(
      ["16x16x16", "32x32x32"].flatMap((size) =>
        ["forward", "gradient"].map((pass) => `| matmul ${size} n1, ${pass}`),
      ),
    );
  });

  it("goes on with the other sizes of a sweep where one cannot be, and says so", async () => {
    const args = ["op", "unfold", "1x2..8x4", "k4", "--node", "--no-roofline", "--samples", "2"];
    const { code, stdout, lines } = await benchHere(...args);
    expect(lines).toContain(
      "bench: unfold 1x2x4 k4 n1 is not timed: unfold wants [N, C, H, W] of at least 4×4 pixels; got [1,1,2,4].",
    );
    for (const size of ["1x4x4", "1x8x4"]) expect(stdout).toContain(`\n| unfold ${size} k4 n1, forward | `);
    expect(code).toBe(1);
  });

  it.each([
    [["l1-loss", "64"], /Checked: result: within [\d.e-]+; gradient, at 16 places: within [\d.e+-]+\./],
    [["spectral-norm", "8x8"], /Checked: result, by the self-test; gradients, by the self-test\./],
  ])("says what the gradients of %s are checked by", async (words, checked) => {
    const args = [...words, "--gradient", "--node", "--no-roofline", "--samples", "6"];
    expect((await benchHere("op", ...args)).stdout).toMatch(checked);
  });

  it("tells speeds and shares by the arithmetic of an operation's cost and time", async () => {
    const { stdout } = await benchHere("op", "matmul", "256x256x256", "--node", "--samples", "6");
    const rate = (what: string): number => Number(new RegExp(`([\\d.]+) ${what}`).exec(stdout)?.[1]);
    const cells =
      /\| matmul_\w+ \[[\d, ]+\] \|(.*)\|/.exec(stdout) ?? /\| matmul \[[\d, ]+\] \|(.*)\|/.exec(stdout);
    const [time = 0, , gflops = 0, bandwidth = 0] = (cells?.[1] ?? "").split("|").map(Number);
    const work = (2 * 256 ** 3) / 1e6;
    // Each figure has three digits.
    expect((gflops * time) / work).toBeGreaterThan(0.98);
    expect((gflops * time) / work).toBeLessThan(1.02);
    // Its two operands and its result, and a few numbers that say their sizes.
    expect((bandwidth * time) / ((3 * 4 * 256 ** 2) / 1e6)).toBeGreaterThan(0.95);
    expect((bandwidth * time) / ((3 * 4 * 256 ** 2) / 1e6)).toBeLessThan(1.05);
    const [, percent, roof] = /\| (\d+) % \((\w+)\) \|/.exec(stdout) ?? [];
    const share = {
      arithmetic: gflops / rate("GFLOP/s \\("),
      caches: bandwidth / rate("GB/s in caches"),
      memory: bandwidth / rate("GB/s in memory"),
    };
    expect(Math.abs(Number(percent) - 100 * share[roof as keyof typeof share])).toBeLessThan(1.5);
  });

  it.each([
    [["conv", "3x3"], /^bench: There is no operation "conv": choose from /],
    [["conv2d", "3x3"], /^bench: conv2d takes 4 sizes and got "3x3": /],
    [
      ["transpose", "8x8", "--gradient"],
      /^bench: transpose has no gradient in this engine: leave out --gradient\.$/,
    ],
    [
      ["downsample2x2", "4x4x5x5", "--node", "--no-roofline"],
      /^bench: downsample2x2 wants an image with even sides; got \[1,4,5,5\]\.$/,
    ],
    [
      ["add", "8", "--node", "--adapter", "none-such"],
      /^bench: The adapter is "none-such"; it can be gpu, lavapipe or swiftshader, or a part of [^\n]+\.$/,
    ],
    [
      ["add", "8", "--adapter", "lavapipe"],
      /^bench: Chrome has no adapter lavapipe: set --adapter or METAKERNELGAN_ADAPTER to [^\n]+\.$/,
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
