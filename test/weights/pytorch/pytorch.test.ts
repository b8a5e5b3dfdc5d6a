import { existsSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { WeightsError } from "../../../src/weights/errors.js";
import { parsePyTorch } from "../../../src/weights/pytorch/pytorch.js";
import checkpoints from "../../fixtures/pytorch-checkpoints.json";
import { ascii, concat, legacyFile, MAGIC, pickle, push, zipFile } from "../checkpoint-builder.js";
import { fuzz } from "../fuzz.js";

function fixture(name: keyof typeof checkpoints): Uint8Array {
  return Uint8Array.from(atob(checkpoints[name]), (char) => char.charCodeAt(0));
}

const FLOATS = new Uint8Array(Float32Array.of(1, 2, 3, 4).buffer);

/** A legacy file with one tensor `x` that views a storage of four floats. */
function view(offset: number, shape: readonly number[], strides: readonly number[]): Uint8Array {
  const tensor = push.tensor(push.storage("FloatStorage", "0", 4), offset, shape, strides);
  return legacyFile(push.dict({ x: tensor }), { "0": FLOATS });
}

/** A zip of a pickle and further files. */
function zip(root: Uint8Array, files: Readonly<Record<string, Uint8Array>> = {}, method = 0, flags = 0) {
  const entries = Object.entries(files).map(([name, data]) => [`archive/${name}`, data] as const);
  return zipFile([["archive/data.pkl", pickle(root)], ...entries], method, flags);
}

const FOUR = push.tensor(push.storage("FloatStorage", "0", 4), 0, [4], [1]);

const ONE_TENSOR = push.dict({ x: push.tensor(push.storage("FloatStorage", "0", 4), 1, [3], [1]) });

describe("files that PyTorch wrote", () => {
  test.each(["zip", "zipProtocol4", "legacy"] as const)("%s", (name) => {
    const { tensors, metadata } = parsePyTorch(fixture(name));
    const values = Object.fromEntries(
      [...tensors].map(([key, { shape, data }]) => [key, [shape, [...data]]]),
    );
    expect(metadata).toEqual({});
    expect(values).toEqual({
      "models.net.plain": [
        [2, 2],
        [1.5, -2, 0.25, 3],
      ],
      "models.net.grid": [
        [3, 4],
        [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11],
      ],
      "models.net.transposed": [
        [4, 3],
        [0, 4, 8, 1, 5, 9, 2, 6, 10, 3, 7, 11],
      ],
      "models.net.window": [
        [2, 2],
        [5, 6, 9, 10],
      ],
      "models.net.parameter": [[2], [7, 8]],
      "models.net.half": [[4], [1, -0.5, 65504, 2 ** -24]],
      "models.net.bfloat": [[2], [1, -3.140625]],
      "models.net.double": [[2], [Math.fround(0.1), Math.fround(-1e-3)]],
      "models.net.scalar": [[], [4]],
      "models.net.empty": [[0, 3], []],
      "models.net.__proto__": [[1], [9]],
      "optimizer.state.0.exp_avg": [[1], [0.125]],
    });
  });

  test("a pickled network is refused by name, with advice", () => {
    expect(() => parsePyTorch(fixture("wholeModel"))).toThrow(
      /"torch.nn.modules.linear.Linear".*save only the state_dict/,
    );
  });

  test.each(["hostileZip", "hostileZipProtocol4", "hostileLegacy"] as const)(
    "%s is refused and runs nothing",
    (name) => {
      expect(() => parsePyTorch(fixture(name))).toThrow(WeightsError);
      expect(() => parsePyTorch(fixture(name))).toThrow(/"posix.system".*could run code and is refused/);
      expect(existsSync("pwned-by-the-checkpoint")).toBe(false);
    },
  );

  test("a view that repeats its storage without measure is refused", () => {
    expect(() => parsePyTorch(fixture("repeated"))).toThrow(/repeats its storage/);
  });

  test.each([
    ["zip", 2500],
    ["legacy", 4000],
    ["zipProtocol4", 1500],
  ] as const)("damaged %s files give WeightsError and nothing else", (name, rounds) => {
    expect(fuzz(fixture(name), parsePyTorch, rounds)).toBeGreaterThan(rounds / 3);
  });
});

describe("files written by hand", () => {
  test("views are followed", () => {
    expect(parsePyTorch(view(3, [], [])).tensors.get("x")?.data).toEqual(Float32Array.of(4));
    expect(parsePyTorch(view(0, [2, 2], [1, 2])).tensors.get("x")?.data).toEqual(Float32Array.of(1, 3, 2, 4));
    expect(parsePyTorch(view(1, [2, 3], [1, 0])).tensors.get("x")?.data).toEqual(
      Float32Array.of(2, 2, 2, 3, 3, 3),
    );
    expect(parsePyTorch(view(9, [0, 7], [1, 1])).tensors.get("x")?.shape).toEqual([0, 7]);
  });

  test("a tensor of a zip", () => {
    const { tensors } = parsePyTorch(zip(ONE_TENSOR, { "data/0": FLOATS, byteorder: ascii("little") }));
    expect(tensors.get("x")?.data).toEqual(Float32Array.of(2, 3, 4));
  });

  test("the result does not refer to the file", () => {
    const bytes = zip(ONE_TENSOR, { "data/0": FLOATS });
    const { tensors } = parsePyTorch(bytes);
    bytes.fill(0);
    expect(tensors.get("x")?.data).toEqual(Float32Array.of(2, 3, 4));
  });

  const nan = new Uint8Array(Float32Array.of(0, 0, Number.NaN, 0).buffer);
  const big = push.dict({ little_endian: concat([0x89]) });
  // Every dict holds the one before it under six names: 6^12 paths in a few bytes.
  const layer = (i: number) =>
    ["a", "b", "c", "d", "e", "f"].map((key) => concat(push.text(key), ascii("h"), [i]));
  const doubled = Array.from({ length: 12 }, (_, i) =>
    concat(ascii("q"), [i], ascii("}("), ...layer(i), ascii("u")),
  ).reduce((inner, outer) => concat(inner, outer), push.emptyDict);
  test.each<[string, Uint8Array, RegExp]>([
    ["no bytes", new Uint8Array(), /no PyTorch checkpoint/],
    ["other bytes", ascii("GIF89a, not weights"), /no PyTorch checkpoint/],
    ["a pickle that is no checkpoint", pickle(push.emptyDict), /not one that torch.save wrote/],
    ["another version", concat(MAGIC, pickle(push.int(1000))), /version/],
    ["a big-endian legacy file", legacyFile(push.emptyDict, {}, 4, big), /little-endian/],
    ["a big-endian zip", zip(ONE_TENSOR, { "data/0": FLOATS, byteorder: ascii("big") }), /big-endian/],
    ["a tensor alone", legacyFile(FOUR, { "0": FLOATS }), /dict of tensors/],
    ["a view past its storage", view(2, [3], [1]), /reaches past/],
    ["strides past its storage", view(0, [2, 2], [1, 3]), /reaches past/],
    ["sizes that overflow", view(0, Array(32).fill(0x7fffffff), Array(32).fill(0)), /repeats its storage/],
    ["too many dimensions", view(0, Array(33).fill(1), Array(33).fill(1)), /whole numbers/],
    [
      "no list of storages",
      concat(
        MAGIC,
        pickle(push.int(1001)),
        pickle(push.dict({ little_endian: push.yes })),
        pickle(push.emptyDict),
        pickle(push.none),
      ),
      /list of its storages/,
    ],
    ["a storage that nothing uses", legacyFile(push.emptyDict, { "0": FLOATS }), /do not expect/],
    ["a missing storage", legacyFile(ONE_TENSOR), /values of tensor "x" are missing/],
    ["a storage of another size", legacyFile(ONE_TENSOR, { "0": FLOATS.subarray(4) }), /do not expect/],
    ["bytes after the storages", concat(view(0, [1], [1]), [0]), /1 bytes after/],
    ["a truncated storage", view(0, [1], [1]).slice(0, -1), /ends early/],
    ["NaN", legacyFile(ONE_TENSOR, { "0": nan }), /"x" holds NaN/],
    [
      "a dict inside itself",
      legacyFile(concat(push.emptyDict, ascii("q\x00"), push.text("a"), ascii("h\x00s"))),
      /nested too deeply/,
    ],
    ["dicts shared without measure", legacyFile(doubled), /nested too deeply/],
    [
      "one name twice",
      legacyFile(push.dict({ "a.b": FOUR, a: push.dict({ b: FOUR }) }), { "0": FLOATS }),
      /the name "a.b" twice/,
    ],
    ["a zip without a pickle", zipFile([["archive/data/0", FLOATS]]), /0 files data.pkl/],
    [
      "a zip with two pickles",
      zipFile([
        ["a/data.pkl", pickle()],
        ["b/data.pkl", pickle()],
      ]),
      /2 files data.pkl/,
    ],
    [
      "a zip with one file twice",
      zipFile([
        ["a/data.pkl", pickle()],
        ["a/data.pkl", pickle()],
      ]),
      /twice/,
    ],
    ["a zip without the storage", zip(ONE_TENSOR), /no such file/],
    [
      "a zip with a short storage",
      zip(ONE_TENSOR, { "data/0": FLOATS.subarray(4) }),
      /needs 16 bytes.*has 12/,
    ],
    ["a compressed zip", zip(ONE_TENSOR, { "data/0": FLOATS }, 8), /compressed/],
    ["an encrypted zip", zip(ONE_TENSOR, { "data/0": FLOATS }, 0, 1), /encrypted/],
    ["half a zip", zip(ONE_TENSOR, { "data/0": FLOATS }).slice(0, 200), /no directory/],
  ])("refuses %s", (_, bytes, message) => {
    expect(() => parsePyTorch(bytes)).toThrow(WeightsError);
    expect(() => parsePyTorch(bytes)).toThrow(message);
  });

  test("a flipped bit among the weights of a zip is noticed", () => {
    const bytes = zip(ONE_TENSOR, { "data/0": FLOATS });
    const at = bytes.findIndex((_, i) => FLOATS.every((byte, j) => bytes[i + j] === byte));
    bytes[at + 6] = (bytes[at + 6] as number) ^ 1;
    expect(() => parsePyTorch(bytes)).toThrow(/wrong checksum for "archive\/data\/0"/);
  });
});
