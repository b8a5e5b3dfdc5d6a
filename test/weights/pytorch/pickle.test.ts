import { describe, expect, test, vi } from "vitest";
import { WeightsError } from "../../../src/weights/errors.js";
import { CheckpointReader } from "../../../src/weights/pytorch/checkpoint-reader.js";
import { PickleDict, type PickleList, PickleTuple, readPickle } from "../../../src/weights/pytorch/pickle.js";
import { TorchWorld } from "../../../src/weights/pytorch/torch-pickle.js";
import { ascii, concat, pickle, push, u32, u64 } from "../checkpoint-builder.js";

function read(bytes: Uint8Array) {
  return readPickle(new CheckpointReader(bytes, "The pickle"), new TorchWorld());
}

describe("readPickle", () => {
  test.each<[string, Uint8Array, unknown]>([
    ["none", push.none, null],
    ["false", concat([0x89]), false],
    ["a byte", concat(ascii("K"), [0xff]), 255],
    ["two bytes", concat(ascii("M"), [0xe9, 3]), 1001],
    ["four bytes", push.int(-5), -5],
    ["a long of no bytes", concat([0x8a, 0]), 0],
    ["a long", concat([0x8a, 2, 0x18, 0xfc]), -1000],
    ["a long past the safe integers", concat([0x8a, 9, 0, 0, 0, 0, 0, 0, 0, 0, 1]), 2n ** 64n],
    ["a long with a long length", concat([0x8b], u32(1), [0xff]), -1],
    ["a double", concat(ascii("G"), [0x3f, 0xe0, 0, 0, 0, 0, 0, 0]), 0.5],
    ["text", push.text("é"), "é"],
    ["short text", concat([0x8c, 1], ascii("a")), "a"],
    ["text of Python 2", concat(ascii("U"), [1], ascii("a")), "a"],
    ["bytes", concat(ascii("C"), [2, 1, 2]), Uint8Array.of(1, 2)],
  ])("%s", (_, body, value) => {
    expect(read(pickle(body))).toEqual(value);
  });

  test("tuples, lists and dicts", () => {
    const one = push.int(1);
    const value = read(pickle(push.tuple(push.list(one, one), push.dict({ a: one, b: one }), push.tuple())));
    expect(value).toBeInstanceOf(PickleTuple);
    const [list, dict, empty] = (value as PickleTuple).items;
    expect((list as PickleList).items).toEqual([1, 1]);
    expect([...(dict as PickleDict).entries]).toEqual([
      ["a", 1],
      ["b", 1],
    ]);
    expect((empty as PickleTuple).items).toEqual([]);
    expect(read(pickle(one, one, one, concat([0x87])))).toEqual(new PickleTuple([1, 1, 1]));
    const appended = read(pickle(ascii("]"), one, ascii("a")));
    expect((appended as PickleList).items).toEqual([1]);
  });

  test("the memo gives the same object again, also to itself", () => {
    const self = read(pickle(ascii("]q\x00h\x00a")));
    expect((self as PickleList).items[0]).toBe(self);
    expect(read(pickle(push.text("a"), concat([0x94]), ascii("h\x00"), concat([0x86])))).toEqual(
      new PickleTuple(["a", "a"]),
    );
  });

  test("an OrderedDict as Python 3 and Python 2 wrote it", () => {
    const ordered = push.global("collections", "OrderedDict");
    expect(read(pickle(push.call(ordered)))).toEqual(new PickleDict());
    const pairs = push.list(push.list(push.text("a"), push.int(1)));
    expect([...(read(pickle(push.call(ordered, pairs))) as PickleDict).entries]).toEqual([["a", 1]]);
  });

  test("leaves the reader behind the pickle", () => {
    const reader = new CheckpointReader(concat(pickle(push.int(1)), pickle(push.int(2))), "The pickle");
    expect([readPickle(reader, new TorchWorld()), readPickle(reader, new TorchWorld())]).toEqual([1, 2]);
    expect(reader.offset).toBe(reader.bytes.length);
  });

  const short = (text: string) => concat([0x8c, text.length], ascii(text));
  const command = push.text("globalThis.pwned = true");
  test.each<[string, Uint8Array, string]>([
    ["os.system by GLOBAL", pickle(push.call(push.global("os", "system"), command)), "os.system"],
    ["posix.system, only named", pickle(push.global("posix", "system")), "posix.system"],
    [
      "builtins.eval by STACK_GLOBAL",
      concat([0x80, 4], short("builtins"), short("eval"), [0x93], command, [0x85], ascii("R.")),
      "builtins.eval",
    ],
    ["os.system by INST", concat([0x80, 2], ascii("("), command, ascii("ios\nsystem\n.")), "os.system"],
    [
      "a class by NEWOBJ",
      pickle(push.global("subprocess", "Popen"), ascii(")"), concat([0x81])),
      "subprocess.Popen",
    ],
    ["JavaScript's own names", pickle(push.global("__proto__", "constructor")), "__proto__.constructor"],
    ["a name inside an allowed module", pickle(push.global("torch.hub", "load")), "torch.hub.load"],
    ["the same, split elsewhere", pickle(push.global("torch", "hub.load")), "torch.hub.load"],
    ["getattr", pickle(push.global("__builtin__", "getattr")), "__builtin__.getattr"],
  ])("refuses %s and runs nothing", (_, bytes, name) => {
    const evil = vi.fn();
    vi.stubGlobal("eval", evil);
    expect(() => read(bytes)).toThrow(WeightsError);
    expect(() => read(bytes)).toThrow(`"${name}"`);
    expect(() => read(bytes)).toThrow(/could run code and is refused/);
    expect(evil).not.toHaveBeenCalled();
    expect(globalThis).not.toHaveProperty("pwned");
    vi.unstubAllGlobals();
  });

  const ordered = push.global("collections", "OrderedDict");
  test.each<[string, Uint8Array]>([
    ["NEWOBJ", pickle(ordered, ascii(")"), concat([0x81]))],
    ["NEWOBJ_EX", pickle(ordered, ascii(")}"), concat([0x92]))],
    ["OBJ", pickle(ascii("("), ordered, ascii("o"))],
    ["INST of an allowed class", pickle(ascii("(icollections\nOrderedDict\n"))],
    ["EXT1", pickle(concat([0x82, 1]))],
    ["a persistent id of protocol 0", pickle(ascii("Pid\n"))],
    ["a call of text", pickle(push.call(push.text("os.system"), push.text("true")))],
    ["a call of a storage class", pickle(push.call(push.global("torch", "FloatStorage"), push.int(9)))],
    ["a call without a tuple", pickle(ordered, push.none, ascii("R"))],
    ["OrderedDict with odd arguments", pickle(push.call(ordered, push.int(1)))],
    ["OrderedDict with a list of no pairs", pickle(push.call(ordered, push.list(push.tuple(push.int(1)))))],
    [
      "a parameter of no tensor",
      pickle(push.call(push.global("torch._utils", "_rebuild_parameter"), push.int(1))),
    ],
    ["a tensor of no storage", pickle(push.tensor(push.none, 0, [1], [1]))],
    [
      "a tensor with a negative offset",
      pickle(push.tensor(push.storage("FloatStorage", "0", 1), -1, [1], [1])),
    ],
    [
      "a tensor with a negative stride",
      pickle(push.tensor(push.storage("FloatStorage", "0", 1), 0, [1], [-1])),
    ],
    [
      "a tensor with too few strides",
      pickle(push.tensor(push.storage("FloatStorage", "0", 1), 0, [1, 1], [1])),
    ],
    [
      "a storage of no type",
      pickle(
        push.tuple(push.text("storage"), ordered, push.text("0"), push.text("cpu"), push.int(1)),
        ascii("Q"),
      ),
    ],
    ["a persistent id that is no tuple", pickle(push.int(1), ascii("Q"))],
    [
      "storages that contradict each other",
      pickle(push.storage("FloatStorage", "0", 1), push.storage("FloatStorage", "0", 2), concat([0x86])),
    ],
    ["protocol 0", concat([0x80, 0], ascii("N."))],
    ["protocol 77", concat([0x80, 77], ascii("N."))],
    ["no end", concat([0x80, 2], ascii("N"))],
    ["an end without a value", pickle()],
    ["a value below a mark", pickle(push.int(1), ascii("("), concat([0x85]))],
    ["a tuple without a mark", pickle(ascii("t"))],
    ["a dict with a key alone", pickle(ascii("}("), push.int(1), ascii("u"))],
    ["an item for no dict", pickle(push.none, push.int(1), push.int(1), ascii("s"))],
    ["an append to no list", pickle(push.none, push.int(1), ascii("a"))],
    ["attributes of no dict", pickle(push.none, push.none, ascii("b"))],
    ["a memo that was not stored", pickle(concat(ascii("j"), u32(0xffffffff)))],
    ["a stack global of numbers", pickle(push.int(1), push.int(2), concat([0x93]))],
    ["text longer than the file", pickle(concat(ascii("X"), u32(0xffffffff)))],
    ["text that is not UTF-8", pickle(concat(ascii("X"), u32(1), [0xff]))],
    ["an integer of a million bytes", pickle(concat([0x8b], u32(1_000_000), new Uint8Array(1_000_000)))],
    ["an integer of 4 GB", pickle(concat([0x8b], u32(0xffffffff)))],
    ["a frame of 2^64 bytes", concat([0x80, 4, 0x95], u64(2n ** 64n - 1n), ascii("N."))],
    ["a module name without end", pickle(concat(ascii("c"), new Uint8Array(5000).fill(0x61)))],
    ["two million marks", new Uint8Array(2_000_000).fill(0x28)],
    ["two million nested lists", new Uint8Array(2_000_000).fill(0x5d)],
  ])("refuses %s", (_, bytes) => {
    expect(() => read(bytes)).toThrow(WeightsError);
  });
});
