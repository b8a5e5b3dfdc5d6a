/** Writes pickles, PyTorch files and zip archives byte by byte, so that tests can also write broken ones. */

import type { WeightTensor } from "../../src/weights/weight-file.js";

export function concat(...parts: readonly (Uint8Array | readonly number[])[]): Uint8Array {
  return Uint8Array.from(parts.flatMap((part) => [...part]));
}

export function ascii(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

export function u32(value: number): number[] {
  return [0, 8, 16, 24].map((shift) => (value >>> shift) & 0xff);
}

export function u64(value: number | bigint): Uint8Array {
  const bytes = new Uint8Array(8);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(value), true);
  return bytes;
}

/** A whole pickle of protocol 2. */
export function pickle(...body: readonly Uint8Array[]): Uint8Array {
  return concat([0x80, 2], ...body, ascii("."));
}

/** Instructions that push one value each. */
export const push = {
  global: (module: string, name: string) => ascii(`c${module}\n${name}\n`),
  text: (value: string) => concat(ascii("X"), u32(ascii(value).length), ascii(value)),
  int: (value: number) => concat(ascii("J"), u32(value)),
  none: ascii("N"),
  yes: concat([0x88]),
  emptyDict: ascii("}"),
  tuple: (...items: readonly Uint8Array[]) => concat(ascii("("), ...items, ascii("t")),
  list: (...items: readonly Uint8Array[]) => concat(ascii("]("), ...items, ascii("e")),
  dict: (items: Readonly<Record<string, Uint8Array>>) =>
    concat(
      ascii("}("),
      ...Object.entries(items).flatMap(([key, value]) => [push.text(key), value]),
      ascii("u"),
    ),
  call: (callee: Uint8Array, ...args: readonly Uint8Array[]) =>
    concat(callee, push.tuple(...args), ascii("R")),
  storage: (type: string, key: string, length: number) =>
    concat(
      push.tuple(
        push.text("storage"),
        push.global("torch", type),
        push.text(key),
        push.text("cpu"),
        push.int(length),
      ),
      ascii("Q"),
    ),
  tensor: (storage: Uint8Array, offset: number, shape: readonly number[], strides: readonly number[]) =>
    push.call(
      push.global("torch._utils", "_rebuild_tensor_v2"),
      storage,
      push.int(offset),
      push.tuple(...shape.map(push.int)),
      push.tuple(...strides.map(push.int)),
    ),
};

export const MAGIC = concat(
  [0x80, 2, 0x8a, 10, 0x6c, 0xfc, 0x9c, 0x46, 0xf9, 0x20, 0x6a, 0xa8, 0x50, 0x19],
  ascii("."),
);

/** A file in the legacy format around a pickled object and its storages. */
export function legacyFile(
  root: Uint8Array,
  storages: Readonly<Record<string, Uint8Array>> = {},
  bytesEach = 4,
  system = push.dict({ little_endian: push.yes }),
): Uint8Array {
  const keys = Object.keys(storages);
  return concat(
    MAGIC,
    pickle(push.int(1001)),
    pickle(system),
    pickle(root),
    pickle(push.list(...keys.map(push.text))),
    ...keys.flatMap((key) => {
      const data = storages[key] as Uint8Array;
      return [u64(data.length / bytesEach), data];
    }),
  );
}

/** A legacy checkpoint with contiguous float tensors; `nest` turns a name into the keys of nested dicts. */
export function legacyCheckpoint(
  tensors: ReadonlyMap<string, WeightTensor>,
  nest: (name: string) => readonly string[],
): Uint8Array {
  interface Tree {
    [key: string]: Tree | Uint8Array;
  }
  const tree: Tree = {};
  const storages: Record<string, Uint8Array> = {};
  for (const [name, { shape, data }] of tensors) {
    const key = `k${Object.keys(storages).length}`;
    storages[key] = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
    const strides = shape.map((_, axis) => shape.slice(axis + 1).reduce((a, b) => a * b, 1));
    const keys = nest(name);
    let dict = tree;
    for (const part of keys.slice(0, -1)) {
      dict[part] ??= {};
      dict = dict[part] as Tree;
    }
    dict[keys[keys.length - 1] as string] = push.tensor(
      push.storage("FloatStorage", key, data.length),
      0,
      shape,
      strides,
    );
  }
  const write = (node: Tree | Uint8Array): Uint8Array =>
    node instanceof Uint8Array
      ? node
      : push.dict(Object.fromEntries(Object.entries(node).map(([key, value]) => [key, write(value)])));
  return legacyFile(write(tree), storages);
}

function crc32(bytes: Uint8Array): number {
  let crc = 0xffffffff;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ 0xedb88320 : crc >>> 1;
  }
  return ~crc >>> 0;
}

/** A zip archive of stored files; `method` 8 claims that they are deflated. */
export function zipFile(
  files: readonly (readonly [string, Uint8Array])[],
  method = 0,
  flags = 0,
): Uint8Array {
  let body: Uint8Array = new Uint8Array();
  let directory: Uint8Array = new Uint8Array();
  for (const [name, data] of files) {
    const common = concat(
      [20, 0, flags, 0, method, 0, 0, 0, 0, 0],
      u32(crc32(data)),
      u32(data.length),
      u32(data.length),
      [name.length, 0, 0, 0],
    );
    directory = concat(
      directory,
      ascii("PK\x01\x02"),
      [20, 0],
      common,
      new Uint8Array(10),
      u32(body.length),
      ascii(name),
    );
    body = concat(body, ascii("PK\x03\x04"), common, ascii(name), data);
  }
  return concat(
    body,
    directory,
    ascii("PK\x05\x06"),
    [0, 0, 0, 0, files.length, 0, files.length, 0],
    u32(directory.length),
    u32(body.length),
    [0, 0],
  );
}
