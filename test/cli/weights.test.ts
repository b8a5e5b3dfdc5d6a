import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { selfTestWeights } from "../../src/estimate/self-test/self-test.js";
import { METAKERNELGAN_LAYOUT } from "../../src/weights/layouts/network-layout.js";
import { serializeSafetensors } from "../../src/weights/safetensors.js";
import type { WeightTensor } from "../../src/weights/weight-file.js";
import { PHOTO, useCli } from "../support/cli.js";
import { ascii, concat, legacyCheckpoint, legacyFile, push, u64 } from "../weights/checkpoint-builder.js";

const cli = useCli();

/** A whole start, with the changes that `edit` makes. */
function weights(edit: (tensors: Map<string, WeightTensor>) => void = () => {}): Uint8Array {
  const start = selfTestWeights();
  const tensors = new Map(
    [...METAKERNELGAN_LAYOUT].map(([name, shape]) => [
      name,
      { shape, data: start.get(name) as Float32Array },
    ]),
  );
  edit(tensors);
  return serializeSafetensors({ tensors, metadata: {} });
}

/** Writes NaN over the last value of a file: `serializeSafetensors` would refuse to. */
function withNaN(bytes: Uint8Array): Uint8Array {
  return concat(bytes.subarray(0, bytes.length - 4), [0, 0, 0xc0, 0x7f]);
}

const shapeless = (tensors: Map<string, WeightTensor>) =>
  tensors.set("generator.1.weight", { shape: [64, 64, 1, 1], data: new Float32Array(64 * 64) });

describe("weights that cannot be used", () => {
  it.each([
    ["truncated", () => weights().subarray(0, 5000), "cut short"],
    [
      "without a tensor",
      () => weights((tensors) => tensors.delete("generator.3.weight")),
      "generator.3.weight",
    ],
    ["with a tensor of another shape", () => weights(shapeless), "generator.1.weight"],
    ["with a NaN", () => withNaN(weights()), "NaN"],
    ["with a header of 2^63 bytes", () => concat(u64(2n ** 63n), ascii('{"a":1}')), "9223372036854775808"],
    ["that are a PyTorch file", () => legacyFile(push.emptyDict), "metakernelgan import"],
    ["that are empty", () => new Uint8Array(), "ends early"],
  ])("gives one line about a file %s", async (what, make, message) => {
    const path = cli.file(`${what}.safetensors`);
    writeFileSync(path, make());
    const { code, stdout, stderr } = await cli.run(["estimate", PHOTO, "--steps", "1", "--init", path]);
    expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
    expect(stderr).toMatch(/^metakernelgan: [^\n]+\n$/);
    expect(stderr).toContain(path);
    expect(stderr).toContain(message);
  });

  it("gives one line about a file that is missing", async () => {
    const { code, stderr } = await cli.run(["estimate", PHOTO, "--init", cli.file("none")]);
    expect(code).toBe(1);
    expect(stderr).toMatch(/^metakernelgan: [^\n]+ there is no such file\.\n$/);
  });
});

describe("import", () => {
  const start = new Map<string, WeightTensor>();
  beforeAll(() => {
    const values = selfTestWeights();
    for (const [name, shape] of METAKERNELGAN_LAYOUT)
      start.set(name, { shape, data: values.get(name) as Float32Array });
  });

  it("turns a checkpoint into weights that estimate takes", async () => {
    writeFileSync(
      cli.file("latest.pt"),
      legacyCheckpoint(start, (name) => [name]),
    );
    const out = cli.file("start.safetensors");
    const imported = await cli.run(["import", cli.file("latest.pt"), out]);
    expect(imported).toMatchObject({ code: 0, stderr: "" });
    expect(imported.stdout).toMatch(/MetaKernelGAN.* 54 tensors, 117,653 values/);
    const { code, stdout, stderr } = await cli.run([
      "estimate",
      PHOTO,
      "--steps",
      "1",
      "--init",
      out,
      "--json",
    ]);
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    expect(JSON.parse(stdout)).toMatchObject({ notes: [], weights: { path: out } });
  });

  it("are the package's own unless others are given, by method", async () => {
    for (const [method, name] of [
      ["meta", "metakernelgan"],
      ["dataset", "dskernelgan"],
    ] as const) {
      const { code, stdout, stderr } = await cli.run([
        "estimate",
        PHOTO,
        "--steps",
        "0",
        "--json",
        "--method",
        method,
      ]);
      expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
      const path = join(cli.program, `models/${name}.safetensors`);
      expect(JSON.parse(stdout)).toMatchObject({ method, notes: [], weights: { path } });
    }
  });

  it("does not run what a pickle calls", async () => {
    const proof = cli.file("proof");
    const attack = legacyFile(push.call(push.global("posix", "system"), push.text(`touch ${proof}`)));
    writeFileSync(cli.file("attack.pt"), attack);
    const out = cli.file("attack.safetensors");
    const { code, stdout, stderr } = await cli.run(["import", cli.file("attack.pt"), out]);
    expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
    expect(stderr).toMatch(/^metakernelgan: [^\n]*posix\.system[^\n]+\n$/);
    expect([existsSync(proof), existsSync(out)]).toEqual([false, false]);
  });

  it("refuses a file that is no checkpoint, and leaves an older output as it is", async () => {
    const out = cli.file("older.safetensors");
    writeFileSync(out, "older");
    const { code, stderr } = await cli.run(["import", PHOTO, out]);
    expect(code).toBe(1);
    expect(stderr).toContain("not a weights file");
    expect(readFileSync(out, "utf8")).toBe("older");
  });
});
