import { BenchError } from "../report/errors.js";

/** An array from a file of NumPy's. */
export interface NpyArray {
  readonly shape: readonly number[];
  readonly values: readonly number[];
}

type Reader = (view: DataView, at: number) => number;

/** Numbers that are read, by NumPy's names for them: their bytes, and how to read one. */
const NUMBERS: Readonly<Record<string, readonly [bytes: number, read: Reader]>> = {
  "<f4": [4, (view, at) => view.getFloat32(at, true)],
  "<f8": [8, (view, at) => view.getFloat64(at, true)],
  "<i4": [4, (view, at) => view.getInt32(at, true)],
  "<u4": [4, (view, at) => view.getUint32(at, true)],
};
const MAGIC = "\x93NUMPY";

/**
 * Reads a `.npy` file, as `numpy.save` writes it.
 * @param name of the file, for error messages.
 * @throws {BenchError} if it is not one, or holds other numbers than float32, float64, int32 and uint32 in C order.
 */
export function readNpy(bytes: Uint8Array, name: string): NpyArray {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes.length < 12 || String.fromCharCode(...bytes.subarray(0, 6)) !== MAGIC) {
    throw new BenchError(`${name} is not a .npy file: write it with numpy.save.`);
  }
  // From version 2 on, the length of the header takes four bytes.
  const wide = (bytes[6] as number) >= 2;
  const start = wide ? 12 : 10;
  const end = start + (wide ? view.getUint32(8, true) : view.getUint16(8, true));
  const header = String.fromCharCode(...bytes.subarray(start, end));
  const type = /'descr':\s*'([^']*)'/.exec(header)?.[1] ?? "a structure";
  const shape = /'shape':\s*\(([^)]*)\)/.exec(header)?.[1]?.match(/\d+/g)?.map(Number) ?? [];
  const number = NUMBERS[type];
  if (!number || !/'fortran_order':\s*False/.test(header)) {
    throw new BenchError(`${name} holds ${type}: save it as float32, float64, int32 or uint32 in C order.`);
  }
  const [size, read] = number;
  const count = shape.reduce((product, length) => product * length, 1);
  if (bytes.length < end + size * count) throw new BenchError(`${name} ends early: write it again.`);
  return { shape, values: Array.from({ length: count }, (_, i) => read(view, end + size * i)) };
}
