import { BenchError } from "../report/errors.js";

/** An array from a file of NumPy's. */
export interface NpyArray {
  readonly shape: readonly number[];
  readonly values: readonly number[];
}

type Reader = (view: DataView, at: number, little: boolean) => number;

/** Numbers that are read, by NumPy's names for them: their bytes, and how to read one. */
const NUMBERS: Readonly<Record<string, readonly [bytes: number, read: Reader]>> = {
  f2: [2, (view, at, little) => halfOf(view.getUint16(at, little))],
  f4: [4, (view, at, little) => view.getFloat32(at, little)],
  f8: [8, (view, at, little) => view.getFloat64(at, little)],
  i1: [1, (view, at) => view.getInt8(at)],
  i2: [2, (view, at, little) => view.getInt16(at, little)],
  i4: [4, (view, at, little) => view.getInt32(at, little)],
  i8: [8, (view, at, little) => Number(view.getBigInt64(at, little))],
  u1: [1, (view, at) => view.getUint8(at)],
  u2: [2, (view, at, little) => view.getUint16(at, little)],
  u4: [4, (view, at, little) => view.getUint32(at, little)],
  u8: [8, (view, at, little) => Number(view.getBigUint64(at, little))],
  b1: [1, (view, at) => view.getUint8(at)],
};
const MAGIC = "\x93NUMPY";

/**
 * Reads a `.npy` file, as `numpy.save` writes it.
 * @param name of the file, for error messages.
 * @throws {BenchError} if it is not one, or holds no real numbers or truth values, or not in C order.
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
  const number = NUMBERS[type.slice(1)];
  if (!number) throw new BenchError(`${name} holds ${type}: save it as a number type, such as float32.`);
  if (!/'fortran_order':\s*False/.test(header)) {
    throw new BenchError(`${name} is in Fortran's order: save it by numpy.ascontiguousarray in that of C.`);
  }
  const [size, read] = number;
  const little = !type.startsWith(">");
  const count = shape.reduce((product, length) => product * length, 1);
  if (bytes.length < end + size * count) throw new BenchError(`${name} ends early: write it again.`);
  return { shape, values: Array.from({ length: count }, (_, i) => read(view, end + size * i, little)) };
}

/** A number of half precision, from its bits. */
function halfOf(bits: number): number {
  const [sign, exponent, fraction] = [bits >> 15 ? -1 : 1, (bits >> 10) & 31, bits & 1023];
  if (exponent === 31) return fraction ? Number.NaN : sign * Number.POSITIVE_INFINITY;
  return sign * (exponent === 0 ? fraction * 2 ** -24 : (1024 + fraction) * 2 ** (exponent - 25));
}
