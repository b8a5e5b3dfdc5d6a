import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { WeightsError } from "../../../src/weights/errors.js";
import { METAKERNELGAN_LAYOUT, USRNET_LAYOUT } from "../../../src/weights/layouts/network-layout.js";
import type { NetworkLayout } from "../../../src/weights/layouts/require-tensors.js";
import { importCheckpoint } from "../../../src/weights/pytorch/import-checkpoint.js";
import { parseSafetensors, serializeSafetensors } from "../../../src/weights/safetensors.js";
import { valueCount, type WeightFile, type WeightTensor } from "../../../src/weights/weight-file.js";
import { sniffWeightFormat } from "../../../src/weights/weight-format.js";
import checkpoints from "../../fixtures/pytorch-checkpoints.json";
import { findReference } from "../../support/reference.js";
import { randomSeed } from "../../support/seed.js";
import { ascii, concat, legacyCheckpoint, pickle, push, zipFile } from "../checkpoint-builder.js";
import { damage, randomIntegers } from "../fuzz.js";

/** Tensors of a layout with values that differ from tensor to tensor. */
function tensorsOf(layout: NetworkLayout): Map<string, WeightTensor> {
  let seed = 0;
  return new Map(
    [...layout].map(([name, shape]) => {
      seed += 1;
      return [
        name,
        { shape, data: Float32Array.from({ length: valueCount(shape) }, (_, i) => seed + i / 8) },
      ];
    }),
  );
}

/** The authors' keys for one of our tensors, written down apart from the code that turns them back. */
function authorsKeys(name: string): string[] {
  const [network, kind, index, part] = name.split(".") as [string, string, string, string];
  if (network === "generator") return ["models", "downsampling", `module.downscale.${kind}.${index}`];
  const layers: Record<string, string> = {
    "conv.0": "first_layer",
    "conv.1": "feature_block.0",
    "bn.0": "feature_block.1",
    "conv.2": "feature_block.3",
    "bn.1": "feature_block.4",
    "conv.3": "feature_block.6",
    "bn.2": "feature_block.7",
    "conv.4": "feature_block.9",
    "bn.3": "feature_block.10",
    "conv.5": "feature_block.12",
    "bn.4": "feature_block.13",
    "conv.6": "final_layer.0",
  };
  return ["models", "discriminator", `module.${layers[`${kind}.${index}`]}.${part}`];
}

/** Fails unless both hold the same tensors to the bit. */
function expectSameTensors(actual: WeightFile, expected: WeightFile): void {
  expect([...actual.tensors.keys()].sort()).toEqual([...expected.tensors.keys()].sort());
  for (const [name, { shape, data }] of expected.tensors) {
    const tensor = actual.tensors.get(name) as WeightTensor;
    expect(tensor.shape, name).toEqual(shape);
    const bits = (values: Float32Array) => new Uint32Array(values.buffer, values.byteOffset, values.length);
    expect(
      bits(tensor.data).every((bit, i) => bit === bits(data)[i]),
      name,
    ).toBe(true);
    expect(tensor.data.length, name).toBe(data.length);
  }
}

describe("importCheckpoint", () => {
  test("the authors' names become ours, and the optimizer is left out", () => {
    const tensors = tensorsOf(METAKERNELGAN_LAYOUT);
    const theirs = new Map([...tensors, ["adam", { shape: [1], data: Float32Array.of(1) }]]);
    const bytes = legacyCheckpoint(theirs, (name) =>
      name === "adam" ? ["optimizers", "downsampling", "state", "exp_avg"] : authorsKeys(name),
    );
    const imported = importCheckpoint(bytes);
    expectSameTensors(imported, { tensors, metadata: {} });
    expect([...imported.tensors.keys()]).toEqual([...METAKERNELGAN_LAYOUT.keys()]);
    expect(imported.metadata).toEqual({ format: "metakernelgan", source: "PyTorch checkpoint (legacy)" });
  });

  test("a state_dict of USRNet keeps its names", () => {
    const tensors = tensorsOf(USRNET_LAYOUT);
    const imported = importCheckpoint(legacyCheckpoint(tensors, (name) => [name]));
    expectSameTensors(imported, { tensors, metadata: {} });
    expect(imported.metadata.format).toBe("usrnet");
  });

  test.each([
    ["metakernelgan", METAKERNELGAN_LAYOUT],
    ["usrnet", USRNET_LAYOUT],
  ])("a safetensors file of %s keeps its metadata", (format, layout) => {
    const file = { tensors: tensorsOf(layout), metadata: { step: "5", source: "here", format: "pt" } };
    const imported = importCheckpoint(serializeSafetensors(file));
    expectSameTensors(imported, file);
    expect(imported.metadata).toEqual({ step: "5", source: "here", format });
  });

  /** A safetensors file of MetaKernelGAN with one change. */
  function changed(change: (tensors: Map<string, WeightTensor>) => void): Uint8Array {
    const tensors = tensorsOf(METAKERNELGAN_LAYOUT);
    change(tensors);
    return serializeSafetensors({ tensors, metadata: {} });
  }
  const scalar: WeightTensor = { shape: [], data: Float32Array.of(1) };
  test.each<[string, Uint8Array, RegExp]>([
    ["no bytes", new Uint8Array(), /not a weights file; expected MetaKernelGAN's latest.pt/],
    ["a picture", ascii("\x89PNG\r\n\x1a\n"), /not a weights file/],
    ["a missing tensor", changed((t) => t.delete("generator.3.weight")), /lacks tensor "generator.3.weight"/],
    ["another shape", changed((t) => t.set("discriminator.bn.0.bias", scalar)), /shape \[\].*needs \[64\]/],
    ["a tensor too many", changed((t) => t.set("generator.6.weight", scalar)), /"generator.6.weight", which/],
    [
      "another network",
      serializeSafetensors({ tensors: new Map([["fc", scalar]]), metadata: {} }),
      /1 tensors \("fc"\) but none.*expected/,
    ],
    [
      "the same tensor under two names",
      changed((t) => t.set("models.downsampling.downscale.0.weight", scalar)),
      /two tensors for generator.0.weight/,
    ],
    ["hostile code", pickle(push.call(push.global("os", "system"), push.text("true"))), /"os.system"/],
  ])("refuses %s", (_, bytes, message) => {
    expect(() => importCheckpoint(bytes)).toThrow(WeightsError);
    expect(() => importCheckpoint(bytes)).toThrow(message);
  });
});

test("sniffWeightFormat goes by content", () => {
  const of = (name: keyof typeof checkpoints) =>
    Uint8Array.from(atob(checkpoints[name]), (c) => c.charCodeAt(0));
  expect(sniffWeightFormat(of("zip"))).toBe("pytorch-zip");
  expect(sniffWeightFormat(of("legacy"))).toBe("pytorch-legacy");
  expect(sniffWeightFormat(zipFile([]))).toBe(undefined);
  expect(sniffWeightFormat(serializeSafetensors({ tensors: new Map(), metadata: {} }))).toBe("safetensors");
  // A header as long as a pickle's first bytes read as a number.
  expect(sniffWeightFormat(concat([0x80, 2, 0, 0, 0, 0, 0, 0], ascii("{")))).toBe("safetensors");
  expect(sniffWeightFormat(new Uint8Array())).toBe(undefined);
});

const reference = findReference("reference", "import of the authors' checkpoints");

describe.skipIf(!reference)("the authors' own files", () => {
  const read = (name: string) => new Uint8Array(readFileSync(join(reference as string, name)));

  test.each([
    ["metakernelgan_latest.pt", "metakernelgan.safetensors", "metakernelgan", "PyTorch checkpoint (zip)"],
    ["usrnet_tiny.pth", "usrnet_tiny.safetensors", "usrnet", "PyTorch checkpoint (legacy)"],
  ])("%s equals %s to the bit", (checkpoint, safetensors, format, source) => {
    const imported = importCheckpoint(read(checkpoint));
    expectSameTensors(imported, parseSafetensors(read(safetensors)));
    expectSameTensors(importCheckpoint(read(safetensors)), imported);
    expectSameTensors(parseSafetensors(serializeSafetensors(imported)), imported);
    expect(imported.metadata).toEqual({ format, source });
  });

  test.each(["metakernelgan_latest.pt", "usrnet_tiny.pth"])(
    "%s damaged gives WeightsError or weights",
    (name) => {
      const bytes = read(name);
      const random = randomIntegers(randomSeed());
      for (let round = 0; round < 40; round++) {
        // The first 20 kB hold the pickle; the rest is numbers.
        const head = damage(bytes.subarray(0, 20_000), random);
        try {
          importCheckpoint(concatLarge(head, bytes.subarray(20_000)));
        } catch (error) {
          expect(error).toBeInstanceOf(WeightsError);
        }
      }
    },
  );
});

function concatLarge(a: Uint8Array, b: Uint8Array): Uint8Array {
  const both = new Uint8Array(a.length + b.length);
  both.set(a);
  both.set(b, a.length);
  return both;
}
