import {
  ascii,
  concat,
  legacyFile,
  MAGIC,
  pickle,
  push,
  u32,
  u64,
  zipFile,
} from "../weights/checkpoint-builder.js";
import type { HostileFile } from "./hostile-file.js";

const ORDERED_DICT = push.global("collections", "OrderedDict");
const STORAGE = push.storage("FloatStorage", "0", 4);
const FLOATS = { "0": new Uint8Array(Float32Array.of(1, 2, 3, 4).buffer) };
const EMPTY_TENSOR = push.tensor(STORAGE, 0, [0], [1]);

const put = (index: number): Uint8Array => concat(ascii("r"), u32(index));
const get = (index: number): Uint8Array => concat(ascii("j"), u32(index));

/** Joins many parts, which spreading could not. */
function repeat(part: Uint8Array, count: number): Uint8Array {
  const whole = new Uint8Array(part.length * count);
  for (let i = 0; i < count; i++) whole.set(part, i * part.length);
  return whole;
}

function numbered(count: number, part: (index: number) => Uint8Array): Uint8Array {
  return Buffer.concat(Array.from({ length: count }, (_, i) => part(i)));
}

/** 0.9 MB: a list of 40,000 pairs, and 52,000 calls that each copy it into a dict. */
function copiesOfADict(): Uint8Array {
  const pairs = numbered(40_000, (i) => concat(push.int(i), push.none, [0x86]));
  const list = [ascii("]"), put(1), ascii("("), pairs, ascii("e")];
  const copy = concat(get(0), get(1), [0x85], ascii("R"));
  return legacyFile(Buffer.concat([ORDERED_DICT, put(0), ...list, repeat(copy, 52_000)]));
}

/** A dict of `width` tensors without values, in dicts that each hold the one before it `width` times. */
function sharedTensors(width: number, depth: number, key: string): Uint8Array {
  const entries = (value: Uint8Array, level: number) =>
    numbered(width, (i) => concat(push.text(`${key}${i}`), i === 0 ? concat(value, put(level)) : get(level)));
  let dict: Uint8Array = Buffer.concat([ascii("}("), entries(EMPTY_TENSOR, 0), ascii("u")]);
  for (let level = 1; level < depth; level++) {
    dict = Buffer.concat([ascii("}("), entries(dict, level), ascii("u")]);
  }
  return legacyFile(dict, FLOATS);
}

const oneTensor = (shape: readonly number[], strides: readonly number[]) =>
  legacyFile(push.dict({ x: push.tensor(STORAGE, 0, shape, strides) }), FLOATS);

/** Pickles, PyTorch files and zip archives. */
export const CHECKPOINTS: readonly HostileFile[] = [
  { name: "copies-of-a-dict.pt", bytes: copiesOfADict, refused: /more entries/ },
  { name: "shared-tensors.pt", bytes: () => sharedTensors(100, 3, "layer"), refused: /more than 10000/ },
  {
    name: "shared-long-names.pt",
    bytes: () => sharedTensors(60, 6, "a".repeat(70)),
    refused: /more than 10000/,
  },
  {
    name: "nested-dicts.pt",
    bytes: () =>
      legacyFile(concat(ascii("}"), repeat(concat(push.text("a"), ascii("}")), 20), repeat(ascii("s"), 20))),
    refused: /./,
  },
  {
    name: "dict-in-itself.pt",
    bytes: () =>
      legacyFile(
        concat(ascii("}"), put(1), push.text("a"), get(1), ascii("s"), push.text("b"), get(1), ascii("s")),
      ),
    refused: /nested too deeply/,
  },
  { name: "lists-in-lists.pt", bytes: () => legacyFile(repeat(ascii("]"), 900_000)), refused: /./ },
  {
    name: "dicts-on-the-stack.pt",
    bytes: () => legacyFile(concat(repeat(ascii("}"), 900_000))),
    refused: /./,
  },
  { name: "marks.pt", bytes: () => legacyFile(repeat(ascii("("), 900_000)), refused: /./ },
  {
    name: "tuples.pt",
    bytes: () => legacyFile(concat(push.none, repeat(Uint8Array.of(0x85), 900_000))),
    refused: /dict/,
  },
  {
    name: "storages.pt",
    bytes: () => legacyFile(numbered(3000, (i) => push.storage("FloatStorage", `${i}`, 2 ** 30))),
    refused: /./,
  },
  {
    name: "long-integers.pt",
    bytes: () => legacyFile(repeat(concat([0x8a, 64], new Uint8Array(64).fill(0x7f)), 10_000)),
    refused: /./,
  },
  {
    name: "integer-of-4-gb.pt",
    bytes: () => legacyFile(concat([0x8b], u32(0xffffffff))),
    refused: /damaged/,
  },
  {
    name: "text-of-4-gb.pt",
    bytes: () => legacyFile(concat(ascii("X"), u32(0xffffffff))),
    refused: /ends early/,
  },
  {
    name: "long-key.pt",
    bytes: () => legacyFile(push.dict({ ["k".repeat(100_000)]: EMPTY_TENSOR }), FLOATS),
    refused: /too long/,
  },
  {
    name: "proto-key.pt",
    bytes: () => legacyFile(push.dict({ __proto__x: EMPTY_TENSOR, constructor: EMPTY_TENSOR }), FLOATS),
    refused: /./,
  },
  {
    name: "runs-a-command.pt",
    bytes: () => legacyFile(push.call(push.global("os", "system"), push.text("true"))),
    refused: /could run code/,
  },
  {
    name: "runs-getattr.pt",
    bytes: () => legacyFile(push.call(push.global("builtins", "getattr"), push.none, push.text("x"))),
    refused: /could run code/,
  },
  { name: "reaches-past-storage.pt", bytes: () => oneTensor([5], [1]), refused: /reaches past/ },
  { name: "repeats-storage.pt", bytes: () => oneTensor([2 ** 30], [0]), refused: /repeats its storage/ },
  {
    name: "shape-of-infinity.pt",
    bytes: () => oneTensor(new Array(32).fill(2 ** 31 - 1), new Array(32).fill(0)),
    refused: /repeats its storage/,
  },
  {
    name: "33-dimensions.pt",
    bytes: () => oneTensor(new Array(33).fill(1), new Array(33).fill(1)),
    refused: /damaged/,
  },
  { name: "negative-size.pt", bytes: () => oneTensor([-1], [1]), refused: /damaged/ },
  { name: "no-end.pt", bytes: () => concat(MAGIC, [0x80, 2]), refused: /ends early/ },
  { name: "protocol-9.pt", bytes: () => concat([0x80, 9], ascii("N.")), refused: /./ },
  {
    name: "big-endian.pt",
    bytes: () =>
      legacyFile(push.dict({ x: EMPTY_TENSOR }), FLOATS, 4, push.dict({ little_endian: concat([0x89]) })),
    refused: /little-endian/,
  },
  {
    name: "zip-without-pickle.pt",
    bytes: () => zipFile([["a/data/0", new Uint8Array(4)]]),
    refused: /0 files data.pkl/,
  },
  {
    name: "zip-with-two-pickles.pt",
    bytes: () =>
      zipFile([
        ["a/data.pkl", pickle(push.emptyDict)],
        ["b/data.pkl", pickle(push.emptyDict)],
      ]),
    refused: /2 files data.pkl/,
  },
  {
    name: "zip-deflated.pt",
    bytes: () => zipFile([["a/data.pkl", pickle(push.emptyDict)]], 8),
    refused: /compressed/,
  },
  {
    name: "zip-encrypted.pt",
    bytes: () => zipFile([["a/data.pkl", pickle(push.emptyDict)]], 0, 1),
    refused: /encrypted/,
  },
  {
    name: "zip-without-storage.pt",
    bytes: () => zipFile([["a/data.pkl", pickle(push.dict({ x: EMPTY_TENSOR }))]]),
    refused: /no such file/,
  },
  { name: "zip-name-up.pt", bytes: () => zipFile([["../data.pkl", pickle(push.emptyDict)]]), refused: /./ },
  {
    name: "zip-cut.pt",
    bytes: () => zipFile([["a/data.pkl", pickle(push.emptyDict)]]).subarray(0, 60),
    refused: /no directory/,
  },
  {
    name: "zip-of-nothing.pt",
    bytes: () => concat(ascii("PK\x03\x04"), new Uint8Array(200)),
    refused: /no directory/,
  },
];

/** A safetensors file of a header's text. */
function safetensors(header: string, body = new Uint8Array()): Uint8Array {
  const text = ascii(header);
  return Buffer.concat([u64(text.length), text, body]);
}

const tensor = (shape: unknown, end: number, dtype = "F32") => ({ dtype, shape, data_offsets: [0, end] });
const json = (value: unknown) => safetensors(JSON.stringify(value));

/** The header and body of a file with tensors of zeros. */
function zeros(
  shapes: Readonly<Record<string, readonly number[]>>,
  metadata: Record<string, string>,
): Uint8Array {
  let end = 0;
  const header: Record<string, unknown> = { __metadata__: metadata };
  for (const [name, shape] of Object.entries(shapes)) {
    const begin = end;
    end += 4 * shape.reduce((a, b) => a * b, 1);
    header[name] = { dtype: "F32", shape, data_offsets: [begin, end] };
  }
  return safetensors(JSON.stringify(header), new Uint8Array(end));
}

/** A USRNet of two levels with polynomials of these rows; `width` channels everywhere. */
export function usrNet(rows: number, width = 4, blocks = 1): Uint8Array {
  const conv = [width, width, 3, 3];
  const res = (name: string) => ({ [`${name}.res.0.weight`]: conv, [`${name}.res.2.weight`]: conv });
  return zeros(
    {
      "p.m_head.weight": [width, 4, 3, 3],
      ...Object.assign({}, ...Array.from({ length: blocks }, (_, i) => res(`p.m_down1.${i}`))),
      [`p.m_down1.${blocks}.weight`]: [width, width, 2, 2],
      ...Object.assign({}, ...Array.from({ length: blocks }, (_, i) => res(`p.m_body.${i}`))),
      "p.m_up1.0.weight": [width, width, 2, 2],
      ...Object.assign({}, ...Array.from({ length: blocks }, (_, i) => res(`p.m_up1.${i + 1}`))),
      "p.m_tail.weight": [3, width, 3, 3],
      "h.polynomials": [rows, 3],
    },
    {},
  );
}

const guided = (metadata: Record<string, string>) =>
  zeros({ "head.weight": [1, 1, 3, 3] }, { format: "guided-upscaler", ...metadata });

/** Files of the safetensors format. */
export const SAFETENSORS: readonly HostileFile[] = [
  {
    name: "header-of-20-mb.safetensors",
    bytes: () => safetensors(`{"a":"${"a".repeat(20_000_000)}"}`),
    refused: /header of/,
  },
  {
    name: "header-of-2-to-63.safetensors",
    bytes: () => concat(u64(2n ** 63n), ascii("{}")),
    refused: /says a length of 9223372036854775808 at byte 0/,
  },
  {
    name: "header-past-the-end.safetensors",
    bytes: () => concat(u64(9_000_000), ascii("{}")),
    refused: /ends early/,
  },
  {
    name: "header-of-dicts.safetensors",
    bytes: () => safetensors(`${'{"a":'.repeat(300_000)}1${"}".repeat(300_000)}`),
    refused: /twice/,
  },
  {
    name: "header-of-lists.safetensors",
    bytes: () => safetensors(`{"a":${"[".repeat(500_000)}${"]".repeat(500_000)}}`),
    refused: /./,
  },
  {
    name: "header-of-tensors.safetensors",
    bytes: () =>
      safetensors(
        `{${Array.from({ length: 150_000 }, (_, i) => `"${i}":{"dtype":"F32","shape":[0],"data_offsets":[0,0]}`).join()}}`,
      ),
    refused: /none of a network/,
  },
  { name: "header-is-a-list.safetensors", bytes: () => safetensors("{}").fill(0x5b, 8, 9), refused: /./ },
  { name: "header-is-not-json.safetensors", bytes: () => safetensors("{a"), refused: /not a JSON object/ },
  {
    name: "header-is-not-utf8.safetensors",
    bytes: () => safetensors('{"a":1}').fill(0xff, 10, 11),
    refused: /UTF-8/,
  },
  { name: "key-twice.safetensors", bytes: () => safetensors('{"a":1,"\\u0061":2}'), refused: /twice/ },
  {
    name: "metadata-is-a-number.safetensors",
    bytes: () => json({ __metadata__: 5 }),
    refused: /object of strings/,
  },
  {
    name: "proto.safetensors",
    bytes: () => safetensors('{"__proto__":{"dtype":"F32","shape":[0],"data_offsets":[0,0]}}'),
    refused: /./,
  },
  {
    name: "negative-offsets.safetensors",
    bytes: () => json({ a: { dtype: "F32", shape: [1], data_offsets: [-4, 0] } }),
    refused: /begin and an end/,
  },
  {
    name: "fractional-shape.safetensors",
    bytes: () => json({ a: tensor([0.5, 2], 4) }),
    refused: /whole numbers/,
  },
  {
    name: "shape-of-1e308.safetensors",
    bytes: () => json({ a: tensor([1e308, 1e308], 4) }),
    refused: /whole numbers/,
  },
  {
    name: "shape-past-the-file.safetensors",
    bytes: () => json({ a: tensor([2 ** 40], 2 ** 42) }),
    refused: /ends at byte/,
  },
  {
    name: "hole.safetensors",
    bytes: () =>
      safetensors(
        JSON.stringify({ a: { dtype: "F32", shape: [1], data_offsets: [4, 8] } }),
        new Uint8Array(8),
      ),
    refused: /hole/,
  },
  {
    name: "nan.safetensors",
    bytes: () => safetensors(JSON.stringify({ a: tensor([1], 4) }), new Uint8Array(4).fill(0xff)),
    refused: /NaN/,
  },
  { name: "type-unknown.safetensors", bytes: () => json({ a: tensor([1], 1, "F8_E5M2") }), refused: /type/ },
  {
    name: "polynomials-of-7-rows.safetensors",
    bytes: () => usrNet(7),
    refused: /h\.polynomials.*USRNet needs/,
  },
  {
    name: "polynomials-of-20000-rows.safetensors",
    bytes: () => usrNet(20_000),
    refused: /h\.polynomials.*USRNet needs/,
  },
  { name: "no-polynomials.safetensors", bytes: () => usrNet(0), refused: /./ },
  { name: "no-channels.safetensors", bytes: () => usrNet(12, 0), refused: /./ },
  {
    name: "guided-of-1e9-blocks.safetensors",
    bytes: () => guided({ scale: "2", channels: "48", blocks: "1000000000" }),
    refused: /scale, channels and blocks/,
  },
  {
    name: "guided-of-1e9-channels.safetensors",
    bytes: () => guided({ scale: "2", channels: "1000000000", blocks: "1" }),
    refused: /scale, channels and blocks/,
  },
  {
    name: "guided-at-x100000.safetensors",
    bytes: () => guided({ scale: "100000", channels: "1", blocks: "1" }),
    refused: /scale, channels and blocks/,
  },
  {
    name: "guided-of-10000-stages.safetensors",
    bytes: () => guided({ scale: "2", channels: "8", blocks: new Array(10_000).fill("1").join() }),
    refused: /scale, channels and blocks/,
  },
  {
    name: "guided-of-1.5-channels.safetensors",
    bytes: () => guided({ scale: "0x2", channels: "1.5", blocks: " 3 " }),
    refused: /scale, channels and blocks/,
  },
];
