import { deflateSync } from "node:zlib";
import { ascii, concat } from "../weights/checkpoint-builder.js";
import type { HostileFile } from "./hostile-file.js";

/** A NumPy file of format 1 with float64 numbers. */
function npy(
  shape: string,
  values: number,
  { descr = "<f8", fill = 1 / values, version = 1 } = {},
): Uint8Array {
  const header = ascii(`{'descr': '${descr}', 'fortran_order': False, 'shape': (${shape}), }\n`);
  const data = new Uint8Array(new Float64Array(values).fill(fill).buffer);
  return Buffer.concat([
    Uint8Array.of(0x93),
    ascii("NUMPY"),
    Uint8Array.of(version, 0, header.length & 0xff, header.length >> 8),
    header,
    data,
  ]);
}

const text = (value: unknown) => ascii(JSON.stringify(value));
const square = (size: number, value = 1 / size ** 2) =>
  Array.from({ length: size }, () => new Array<number>(size).fill(value));
const kernel = (rest: object) => text({ scale: 2, orientation: "correlation", kernel: square(3), ...rest });

/** An element of a MATLAB file. */
function element(kind: number, data: Uint8Array): Uint8Array {
  const head = new Uint8Array(new Uint32Array([kind, data.length]).buffer);
  return Buffer.concat([head, data, new Uint8Array((8 - (data.length % 8)) % 8)]);
}

/** A MATLAB file of level 5. */
function mat(...elements: readonly Uint8Array[]): Uint8Array {
  return Buffer.concat([
    ascii("MATLAB 5.0 MAT-file".padEnd(124)),
    Uint8Array.of(0, 1, 0x49, 0x4d),
    ...elements,
  ]);
}

/** A matrix of doubles, its dimensions as doubles, which the format does not forbid to write. */
function matrix(dimensions: readonly number[], values: number, name = "Kernel"): Uint8Array {
  return element(
    14,
    Buffer.concat([
      element(6, new Uint8Array(new Uint32Array([6, 0]).buffer)),
      element(9, new Uint8Array(Float64Array.from(dimensions).buffer)),
      element(1, ascii(name)),
      element(9, new Uint8Array(new Float64Array(values).fill(1 / Math.max(1, values)).buffer)),
    ]),
  );
}

/** An element that unfolds to so many zeros. */
function bomb(bytes: number): Uint8Array {
  const packed = deflateSync(new Uint8Array(bytes));
  return Buffer.concat([new Uint8Array(new Uint32Array([15, packed.length]).buffer), packed]);
}

/** Kernels that do not hold what they say, or are meant to exhaust the reader. */
export const KERNELS: readonly HostileFile[] = [
  {
    name: "of-5000-variables.mat",
    bytes: () => mat(...new Array<Uint8Array>(5000).fill(bomb(100))),
    refused: /more than 1000 variables/,
  },
  { name: "negative-shape.npy", bytes: () => npy("-3, -3", 9), refused: /1 to 255/ },
  { name: "fractional-shape.npy", bytes: () => npy("2.5, 2.5", 7), refused: /1 to 255/ },
  { name: "shape-of-1e9.npy", bytes: () => npy("1e9, 1e9", 9), refused: /1 to 255/ },
  { name: "shape-of-257.npy", bytes: () => npy("257, 257", 257 ** 2), refused: /1 to 255/ },
  { name: "shape-of-0.npy", bytes: () => npy("0, 0", 0, { fill: 0 }), refused: /1 to 255/ },
  { name: "shape-of-words.npy", bytes: () => npy("a, a", 9), refused: /1 to 255|square/ },
  { name: "too-many-values.npy", bytes: () => npy("3, 3", 10), refused: /8 bytes after the 3×3/ },
  { name: "too-few-values.npy", bytes: () => npy("3, 3", 8), refused: /ends before/ },
  { name: "of-objects.npy", bytes: () => npy("3, 3", 9, { descr: "|O" }), refused: /float32 or float64/ },
  { name: "of-nan.npy", bytes: () => npy("3, 3", 9, { fill: Number.NaN }), refused: /not finite/ },
  { name: "of-1e308.npy", bytes: () => npy("3, 3", 9, { fill: 1e308 }), refused: /sum/ },
  {
    name: "header-of-4-gb.npy",
    bytes: () => concat([0x93], ascii("NUMPY"), [2, 0, 0xff, 0xff, 0xff, 0xff], ascii("{}")),
    refused: /./,
  },
  {
    name: "cut-in-its-head.npy",
    bytes: () => npy("3, 3", 9).subarray(0, 11),
    refused: /ends before its last value/,
  },
  { name: "not-json.json", bytes: () => ascii("{"), refused: /not JSON/ },
  { name: "null.json", bytes: () => ascii("null"), refused: /./ },
  { name: "nested-lists.json", bytes: () => ascii("[".repeat(1_000_000)), refused: /not JSON/ },
  {
    name: "nested-lists-closed.json",
    bytes: () => ascii(`${"[".repeat(1_000_000)}${"]".repeat(1_000_000)}`),
    refused: /./,
  },
  { name: "not-square.json", bytes: () => kernel({ kernel: [[1, 2], [3]] }), refused: /square/ },
  { name: "of-text.json", bytes: () => kernel({ kernel: [["1"]] }), refused: /square/ },
  {
    name: "of-1e999.json",
    bytes: () => ascii('{"scale":2,"orientation":"correlation","kernel":[[1e999]]}'),
    refused: /not finite/,
  },
  { name: "size-other-than-rows.json", bytes: () => kernel({ size: 5 }), refused: /size/ },
  { name: "side-of-300.json", bytes: () => kernel({ kernel: square(300) }), refused: /1 to 255/ },
  { name: "scale-of-2.5.json", bytes: () => kernel({ scale: 2.5 }), refused: /scale/ },
  { name: "scale-of-1e300.json", bytes: () => kernel({ scale: 1e300 }), refused: /scale/ },
  {
    name: "orientation-of-a-list.json",
    bytes: () => kernel({ orientation: ["correlation"] }),
    refused: /orientation/,
  },
  { name: "negative-dimensions.mat", bytes: () => mat(matrix([-3, -3], 9)), refused: /1 to 255/ },
  { name: "fractional-dimensions.mat", bytes: () => mat(matrix([2.5, 2.4], 6)), refused: /./ },
  { name: "square-of-a-half.mat", bytes: () => mat(matrix([0.5, 0.5, 4], 1)), refused: /./ },
  { name: "side-of-300.mat", bytes: () => mat(matrix([300, 300], 90_000)), refused: /1 to 255/ },
  { name: "dimensions-of-nan.mat", bytes: () => mat(matrix([Number.NaN, Number.NaN], 0)), refused: /./ },
  { name: "empty.mat", bytes: () => mat(matrix([0, 0], 0)), refused: /./ },
  { name: "no-variable.mat", bytes: () => mat(), refused: /no variable "Kernel" of real numbers/ },
  { name: "bomb-of-100-mb.mat", bytes: () => mat(bomb(100_000_000)), refused: /unpacks to more/ },
  {
    name: "many-bombs.mat",
    bytes: () => mat(...new Array(60).fill(bomb(15_000_000))),
    refused: /unpacks to more/,
  },
  {
    name: "bomb-in-a-bomb.mat",
    bytes: () =>
      mat(Buffer.concat([new Uint8Array(new Uint32Array([15, 0]).buffer), deflateSync(bomb(50_000_000))])),
    refused: /./,
  },
  {
    name: "not-deflated.mat",
    bytes: () => mat(element(15, ascii("not deflated at all"))),
    refused: /damaged/,
  },
  {
    name: "element-past-the-end.mat",
    bytes: () => mat(new Uint8Array(new Uint32Array([14, 0xfffffff0]).buffer)),
    refused: /damaged/,
  },
  { name: "name-of-300000.mat", bytes: () => mat(matrix([3, 3], 9, "n".repeat(300_000))), refused: /./ },
  {
    name: "matlab-7.3.mat",
    bytes: () =>
      Buffer.concat([
        ascii("MATLAB 7.3 MAT-file".padEnd(124)),
        Uint8Array.of(0, 2, 0x49, 0x4d),
        new Uint8Array(384),
        Uint8Array.of(0x89),
        ascii("HDF\r\n\x1a\n"),
        new Uint8Array(100),
      ]),
    refused: /7\.3.*-v7/,
  },
  {
    name: "hdf5.mat",
    bytes: () => Buffer.concat([Uint8Array.of(0x89), ascii("HDF\r\n\x1a\n"), new Uint8Array(600)]),
    refused: /7\.3.*-v7/,
  },
];
