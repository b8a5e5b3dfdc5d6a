import { describe, expect, test } from "vitest";
import { USRNET_LAYOUT } from "../../src/weights/layouts/network-layout.js";
import { importCheckpoint } from "../../src/weights/pytorch/import-checkpoint.js";
import { serializeSafetensors } from "../../src/weights/safetensors.js";
import { namesText, unwrapWeights } from "../../src/weights/unwrap.js";
import { valueCount, type WeightTensor } from "../../src/weights/weight-file.js";
import { legacyCheckpoint } from "./checkpoint-builder.js";

const network = (value: number): [string, WeightTensor][] =>
  [...USRNET_LAYOUT].map(([name, shape]) => [
    name,
    { shape, data: new Float32Array(valueCount(shape)).fill(value) },
  ]);

const FIRST = [...USRNET_LAYOUT.keys()][0] as string;

/** A checkpoint with networks of these values under these keys. */
function checkpoint(networks: readonly (readonly [keys: readonly string[], value: number])[]): Uint8Array {
  const keys = new Map<string, readonly string[]>();
  const tensors = new Map<string, WeightTensor>();
  for (const [outer, value] of networks) {
    for (const [name, tensor] of network(value)) {
      const id = `${outer.join(".")}/${name}`;
      tensors.set(id, tensor);
      keys.set(id, [...outer, name]);
    }
  }
  return legacyCheckpoint(tensors, (id) => keys.get(id) ?? [id]);
}

describe("wrapped weights", () => {
  test.each([
    ["params"],
    ["params_ema"],
    ["state_dict"],
    ["model"],
    ["module"],
    ["net_g"],
    ["state_dict.module"],
    ["model.params_ema"],
    ["params.model.module"],
  ])("are opened: %s", (wrapper) => {
    const { tensors } = importCheckpoint(checkpoint([[wrapper.split("."), 3]]));
    expect([...tensors.keys()]).toEqual([...USRNET_LAYOUT.keys()]);
    expect(tensors.get(FIRST)?.data[0]).toBe(3);
  });

  test("are the averages of the training where both are there", () => {
    const { tensors } = importCheckpoint(
      checkpoint([
        [["params"], 1],
        [["params_ema"], 2],
      ]),
    );
    expect(tensors.get(FIRST)?.data[0]).toBe(2);
  });

  test("are opened in a safetensors file too", () => {
    const named = new Map(network(4).map(([name, tensor]) => [`module.${name}`, tensor]));
    const { tensors } = importCheckpoint(serializeSafetensors({ tensors: named, metadata: {} }));
    expect(tensors.get(FIRST)?.data[0]).toBe(4);
  });

  test("are left as they are where the names are known, or no wrapper is", () => {
    const file = { tensors: new Map([["model.a", network(1)[0]?.[1] as WeightTensor]]), metadata: {} };
    expect(unwrapWeights(file, (name) => name === "model.a")).toBe(file);
    const other = { tensors: new Map([["head.a", network(1)[0]?.[1] as WeightTensor]]), metadata: {} };
    expect(unwrapWeights(other, () => false)).toBe(other);
  });
});

test("the refusal of another network names what the file has", () => {
  const tensors = new Map(
    ["conv_first.weight", "body.0.weight"].map((name) => [name, { shape: [1], data: new Float32Array(1) }]),
  );
  expect(() => importCheckpoint(serializeSafetensors({ tensors, metadata: {} }))).toThrow(
    /has 2 tensors \("body\.0\.weight", "conv_first\.weight"\) but none of a network known here/,
  );
  const many = new Map(
    Array.from({ length: 9 }, (_, i) => [`${i}`, { shape: [], data: new Float32Array(1) }]),
  );
  expect(namesText(many)).toBe('"0", "1", "2", "3", …');
});
