import { describe, expect, test } from "vitest";
import { WeightsError } from "../../src/weights/errors.js";
import { parseSafetensors, serializeSafetensors } from "../../src/weights/safetensors.js";
import type { WeightFile } from "../../src/weights/weight-file.js";
import { ascii, concat, u64 } from "./checkpoint-builder.js";
import { fuzz } from "./fuzz.js";

const SAMPLE: WeightFile = {
  tensors: new Map([
    ["b.weight", { shape: [2, 3], data: Float32Array.of(1, -2, 0.1, 1e-45, -0, 3.4e38) }],
    ["a.scalar", { shape: [], data: Float32Array.of(7) }],
    ["empty", { shape: [0, 5], data: new Float32Array(0) }],
    ["__proto__", { shape: [1], data: Float32Array.of(9) }],
    ["10", { shape: [1], data: Float32Array.of(10) }],
  ]),
  metadata: { step: "3", format: "metakernelgan", "2": "two" },
};

/** A file with this header, as an object or as text, and this body. */
function file(header: unknown, body: Uint8Array = new Uint8Array()): Uint8Array {
  const json = ascii(typeof header === "string" ? header : JSON.stringify(header));
  return concat(u64(json.length), json, body);
}

function one(
  dtype: string,
  shape: unknown,
  body: Uint8Array,
  offsets: unknown = [0, body.length],
): Uint8Array {
  return file({ x: { dtype, shape, data_offsets: offsets } }, body);
}

describe("serializeSafetensors", () => {
  test("round trip to the bit", () => {
    const back = parseSafetensors(serializeSafetensors(SAMPLE));
    expect(back.metadata).toEqual(SAMPLE.metadata);
    expect([...back.tensors.keys()].sort()).toEqual([...SAMPLE.tensors.keys()].sort());
    for (const [name, tensor] of SAMPLE.tensors) {
      expect(back.tensors.get(name)?.shape).toEqual(tensor.shape);
      expect(new Uint32Array(back.tensors.get(name)?.data.buffer as ArrayBuffer)).toEqual(
        new Uint32Array(tensor.data.buffer),
      );
    }
  });

  test("header as the format asks: padded with spaces to eight bytes, metadata of strings, tensors by name", () => {
    const bytes = serializeSafetensors({
      tensors: new Map([
        ["b", { shape: [1], data: Float32Array.of(1) }],
        ["a", { shape: [2], data: Float32Array.of(2, 3) }],
      ]),
      metadata: { k: "v" },
    });
    const length = Number(new DataView(bytes.buffer).getBigUint64(0, true));
    const header = new TextDecoder().decode(bytes.subarray(8, 8 + length));
    expect(length % 8).toBe(0);
    expect(header.trimEnd()).toBe(
      '{"__metadata__":{"k":"v"},"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},"b":{"dtype":"F32","shape":[1],"data_offsets":[8,12]}}',
    );
    expect(header.slice(header.trimEnd().length)).toMatch(/^ *$/);
    expect([...new Float32Array(bytes.slice(8 + length).buffer)]).toEqual([2, 3, 1]);
  });

  test("the order of insertion does not matter", () => {
    const turned = {
      tensors: new Map([...SAMPLE.tensors].reverse()),
      metadata: Object.fromEntries(Object.entries(SAMPLE.metadata).reverse()),
    };
    expect(serializeSafetensors(turned)).toEqual(serializeSafetensors(SAMPLE));
  });

  test.each([
    ["NaN", "x", [1], [Number.NaN]],
    ["a shape that does not fit", "x", [2], [1]],
    ["a shape of fractions", "x", [0.5, 2], [1]],
    ["the name of the metadata", "__metadata__", [1], [1]],
  ])("refuses %s", (_, name, shape, values) => {
    const tensors = new Map([[name, { shape, data: Float32Array.from(values) }]]);
    expect(() => serializeSafetensors({ tensors, metadata: {} })).toThrow(WeightsError);
  });
});

describe("parseSafetensors", () => {
  test("half, bfloat16 and double become float32", () => {
    const f64 = new Uint8Array(Float64Array.of(0.1).buffer);
    const cases: [string, Uint8Array, number][] = [
      ["F16", concat([0x00, 0x3c]), 1],
      ["F16", concat([0x00, 0xb8]), -0.5],
      ["F16", concat([0x01, 0x00]), 2 ** -24],
      ["F16", concat([0xff, 0x7b]), 65504],
      ["BF16", concat([0x49, 0xc0]), -3.140625],
      ["F64", f64, Math.fround(0.1)],
    ];
    for (const [dtype, body, value] of cases) {
      expect(parseSafetensors(one(dtype, [1], body)).tensors.get("x")?.data).toEqual(Float32Array.of(value));
    }
  });

  test("bytes at an odd place in a larger buffer", () => {
    const bytes = serializeSafetensors(SAMPLE);
    const larger = concat([1, 2, 3], bytes, [4]).subarray(3, 3 + bytes.length);
    expect(parseSafetensors(larger).tensors.get("a.scalar")?.data).toEqual(Float32Array.of(7));
  });

  test("an integer scalar is left out, integer weights are refused", () => {
    const scalar = parseSafetensors(one("I64", [], u64(5)));
    expect(scalar.tensors.size).toBe(0);
    expect(() => parseSafetensors(one("I8", [8], u64(5)))).toThrow(/"I8".*convert the weights/);
    expect(() => parseSafetensors(one("F8_E4M3", [8], u64(5)))).toThrow(/"F8_E4M3"/);
  });

  test("__proto__ is a name like any other", () => {
    const header =
      '{"__metadata__":{"__proto__":"p"},"__proto__":{"dtype":"F32","shape":[],"data_offsets":[0,4]}}';
    const { tensors, metadata } = parseSafetensors(file(header, new Uint8Array(4)));
    expect([...tensors.keys()]).toEqual(["__proto__"]);
    expect(Object.entries(metadata)).toEqual([["__proto__", "p"]]);
  });

  const four = new Uint8Array(4);
  test.each<[string, Uint8Array, RegExp]>([
    ["no bytes", new Uint8Array(), /ends early/],
    ["half a length", concat([1, 0, 0]), /ends early/],
    ["a header of 2^63 bytes", concat(u64(2n ** 63n), ascii("{}")), /length of 9223372036854775808/],
    ["a header of 2^40 bytes", concat(u64(2 ** 40), ascii("{}")), /header of 1099511627776 bytes/],
    ["a header longer than the file", concat(u64(100), ascii("{}")), /ends early/],
    ["a header that is not UTF-8", concat(u64(3), ascii("{"), [0xff], ascii("}")), /not UTF-8/],
    ["a header that is not JSON", file("{nonsense"), /not a JSON object/],
    ["a header nested without end", file("[".repeat(100_000)), /not a JSON object/],
    ["a header that is a list", file([]), /not a JSON object/],
    ["a header that is null", file("null"), /not a JSON object/],
    ["metadata that are no strings", file({ __metadata__: { a: 1 } }), /not an object of strings/],
    ["metadata that are a list", file({ __metadata__: [] }), /not an object of strings/],
    ["a tensor that is null", file({ x: null }), /lacks its dtype/],
    ["a tensor that is a list", file({ x: [] }), /lacks its dtype/],
    ["a shape that is text", one("F32", "11", four), /no shape/],
    ["a negative size", one("F32", [-1], four), /no shape/],
    ["a size that is no integer", one("F32", [0.5, 2], four), /no shape/],
    ["a size past the safe integers", one("F32", [2 ** 53], four), /no shape/],
    ["a shape of a thousand sizes", one("F32", Array(1000).fill(1), four), /no shape/],
    ["sizes whose product overflows", one("F32", Array(32).fill(2 ** 52), four), /takes Infinity bytes/],
    ["a shape that does not fit", one("F32", [2], four), /takes 8 bytes.*give it 4/],
    ["offsets past the end", one("F32", [1], four, [4, 8]), /has 4/],
    ["offsets turned round", one("F32", [1], four, [4, 0]), /not a begin and an end/],
    ["three offsets", one("F32", [1], four, [0, 4, 4]), /not a begin and an end/],
    ["negative offsets", one("F32", [1], four, [-4, 0]), /not a begin and an end/],
    ["offsets that are text", one("F32", [1], four, ["0", "4"]), /not a begin and an end/],
    ["NaN", one("F32", [1], concat([0, 0, 0xc0, 0x7f])), /"x" holds NaN at position 0/],
    ["infinity", one("F32", [1], concat([0, 0, 0x80, 0xff])), /holds -Infinity/],
    ["half infinity", one("F16", [1], concat([0, 0x7c])), /holds Infinity/],
    [
      "a double too large",
      one("F64", [1], new Uint8Array(Float64Array.of(1e300).buffer)),
      /too large for float32/,
    ],
    [
      "a tensor with more bytes than it takes",
      one("F32", [1], concat(four, four), [0, 8]),
      /takes 4 bytes.*give it 8/,
    ],
    ["a tensor with fewer bytes than it takes", one("F32", [2], four, [0, 4]), /takes 8 bytes.*give it 4/],
    ["bytes after the last tensor", one("F32", [1], concat(four, four), [0, 4]), /4 bytes after/],
    [
      "tensors that overlap",
      file(
        {
          a: { dtype: "F32", shape: [1], data_offsets: [0, 4] },
          b: { dtype: "F32", shape: [1], data_offsets: [2, 6] },
        },
        new Uint8Array(6),
      ),
      /overlap/,
    ],
    ["a hole", one("F32", [1], new Uint8Array(8), [4, 8]), /hole/],
    [
      "a name given twice",
      file(
        '{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"\\u0061" : {"dtype":"F32","shape":[1],"data_offsets":[0,4]}}',
        four,
      ),
      /"a" twice/,
    ],
    [
      "a dtype given twice",
      file('{"a":{"dtype":"F32","dtype":"I32","shape":[1],"data_offsets":[0,4]}}', four),
      /"dtype" twice/,
    ],
  ])("refuses %s", (_, bytes, message) => {
    expect(() => parseSafetensors(bytes)).toThrow(WeightsError);
    expect(() => parseSafetensors(bytes)).toThrow(message);
  });

  test("a message stays short and prints no control characters", () => {
    const header = { [`\u001b[31m${"x".repeat(10_000)}`]: null };
    const message = (() => {
      try {
        parseSafetensors(file(header));
      } catch (error) {
        return (error as Error).message;
      }
    })();
    expect(message?.length).toBeLessThan(400);
    expect(message).not.toContain("\u001b");
  });

  test("the same keys in different objects, and quotes in names, are no duplicates", () => {
    const entry = (at: number) => ({ dtype: "F32", shape: [1], data_offsets: [at, at + 4] });
    const names = ['a"', 'a\\"', "{", "a: b"];
    const header = Object.fromEntries(names.map((name, i) => [name, entry(4 * i)]));
    expect([...parseSafetensors(file(header, new Uint8Array(16))).tensors.keys()]).toEqual(names);
  });

  test("damaged files give WeightsError and nothing else", () => {
    expect(fuzz(serializeSafetensors(SAMPLE), parseSafetensors, 4000)).toBeGreaterThan(2000);
  });
});
