import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { OPERATIONS } from "../../bench/operations/index.js";
import { parseCases } from "../../bench/operations/parse.js";
import { BenchError } from "../../bench/report/errors.js";

const texts = (text: string): string[] => parseCases(text.split(" ")).map((each) => each.text);

describe("an operation on the command line", () => {
  it("has sizes and letters, with defaults", () => {
    expect(texts("conv2d 64x32x128x96 k5 s2")).toEqual(["conv2d 64x32x128x96 k5 s2 p0 n1"]);
    expect(texts("matmul 64")).toEqual(["matmul 64x64x64 n1"]);
  });

  it("is swept by doubling, each size by itself or all together", () => {
    expect(texts("matmul 16..64")).toEqual([
      "matmul 16x16x16 n1",
      "matmul 32x32x32 n1",
      "matmul 64x64x64 n1",
    ]);
    expect(texts("fft 8x8..16 n1..2")).toEqual(["fft 8x8 n1", "fft 8x8 n2", "fft 8x16 n1", "fft 8x16 n2"]);
  });

  it("is padded to the sizes that the engine takes, and says so", () => {
    expect(texts("matmul 7x12x5")).toEqual(["matmul 7x12x5 n1, padded to 8x12x8"]);
    expect(parseCases(["matmul", "7x12x5"])[0]?.sizes).toEqual([8, 12, 8]);
    expect(texts("conv3x3 3X5x17×19")).toEqual(["conv3x3 3x5x17x19 n1"]);
  });

  it.each([
    ["conv 64x64x8x8", /^There is no operation "conv": choose from conv2d, /],
    [
      "conv2d 64x64",
      /^conv2d takes 4 sizes and got "64x64": give inputs x outputs x height x width, then kN/,
    ],
    ["conv2d 64x64x0x8", /^"0" is no size of conv2d: /],
    ["conv2d 64x64x8x8 q3", /^conv2d has no number "q3": /],
    ["conv2d 64x64x8x8 k0", /^"k0" is no size/],
    ["conv2d 64x64x8x8 k", /^"k" is no size of conv2d: /],
    ["conv2d 64x64x8x8 k3 k5", /^conv2d got k twice: give it once\.$/],
    ["matmul 64..8", /^"64\.\.8" is no size of matmul: /],
    ["matmul 1..1024x1..1024x1..1024", /^These sweeps have \d+ cases together: /],
    ["matmul", /^matmul takes 3 sizes and got ""|is no size/],
  ])("%s is refused in one sentence", (text, message) => {
    expect(() => texts(text)).toThrow(BenchError);
    expect(() => texts(text)).toThrow(message);
    expect(() => texts(text)).toThrow(/^[^\n]+\.$/);
  });

  it("is any that the engine exports, and each has an example that is one", () => {
    const index = readFileSync("src/engine/index.ts", "utf8");
    const exported = [...index.matchAll(/export \{([^}]*)\} from "\.\/(?:ops|optimizers)\//g)]
      .flatMap(([, names = ""]) => names.split(","))
      .map((name) => name.trim())
      .filter((name) => name !== "" && !name.startsWith("type "));
    // Forward-only twins, and helpers that record no operation of their own.
    const others = /Forward$|^(conv2dOfConstant|packConv3x3|endFusedLoss|exclusiveGradient|Parameters)$/;
    const covered = OPERATIONS.map(({ covers }) => covers);
    expect(exported.filter((name) => !others.test(name) && !covered.includes(name))).toEqual([]);
    for (const { name, example } of OPERATIONS) expect(texts(`${name} ${example}`)).toHaveLength(1);
  });
});
