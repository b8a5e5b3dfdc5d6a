import type { BlurKernel } from "../blur-kernel.js";
import { KernelError } from "../errors.js";
import { type SquareMatrix, sideOf } from "./square-matrix.js";

/** Name that the benchmarks of KernelGAN and its successors give to a kernel in a MATLAB file. */
const NAME = "Kernel";

const HEADER_BYTES = 128;
const TITLE = "MATLAB 5.0 MAT-file, written by metakernelgan";

/** The orientations as a file's title names them. */
const PURPOSE = { correlation: "cross-correlation", convolution: "convolution" };

/** `mx…_CLASS` of a double array; single is the next, and integers follow up to `uint64`. */
const DOUBLE_CLASS = 6;
const LAST_NUMERIC_CLASS = 15;

/** Flag of an array that has imaginary parts, too. */
const COMPLEX = 0x800;

/** Kinds of data elements. */
const INT8 = 1;
const INT32 = 5;
const UINT32 = 6;
const DOUBLE = 9;
const MATRIX = 14;
const COMPRESSED = 15;

/** The kinds that hold numbers: bytes of each, and the reader. */
const NUMBERS: Record<
  number,
  [bytes: number, read: (view: DataView, at: number, little: boolean) => number]
> = {
  [INT8]: [1, (view, at) => view.getInt8(at)],
  2: [1, (view, at) => view.getUint8(at)],
  3: [2, (view, at, little) => view.getInt16(at, little)],
  4: [2, (view, at, little) => view.getUint16(at, little)],
  [INT32]: [4, (view, at, little) => view.getInt32(at, little)],
  [UINT32]: [4, (view, at, little) => view.getUint32(at, little)],
  7: [4, (view, at, little) => view.getFloat32(at, little)],
  [DOUBLE]: [8, (view, at, little) => view.getFloat64(at, little)],
  12: [8, (view, at, little) => Number(view.getBigInt64(at, little))],
  13: [8, (view, at, little) => Number(view.getBigUint64(at, little))],
};

/** The most bytes that the compressed parts of a file may unfold to: a kernel of 255×255 doubles has half a megabyte. */
const MAX_INFLATED = 16_000_000;

/** Each may be compressed by itself, and then takes a millisecond. */
const MAX_VARIABLES = 1000;

/** HDF5's signature, at the beginning of its files, and after a header of 512 bytes in MATLAB's of version 7.3. */
const HDF5 = [0x89, 0x48, 0x44, 0x46, 0x0d, 0x0a, 0x1a, 0x0a];

interface Element {
  readonly kind: number;
  readonly data: DataView;
  /** Where the next element begins. */
  readonly end: number;
}

interface Matrix {
  readonly name: string;
  readonly dimensions: readonly number[];
  /** Column by column. */
  readonly values: readonly number[];
}

/**
 * A MATLAB level 5 file with one variable, `Kernel`: a matrix of doubles, not compressed. Its title, which the format
 * leaves to the writer, says the scale and the orientation.
 */
export function encodeMat({ size, scale, orientation, values }: BlurKernel): Uint8Array {
  const flags = new DataView(new ArrayBuffer(8));
  flags.setUint32(0, DOUBLE_CLASS, true);
  const dimensions = new DataView(new ArrayBuffer(8));
  dimensions.setInt32(0, size, true);
  dimensions.setInt32(4, size, true);
  const numbers = new DataView(new ArrayBuffer(8 * values.length));
  for (const [index, value] of values.entries()) {
    numbers.setFloat64(8 * ((index % size) * size + Math.floor(index / size)), value, true);
  }
  const name = new DataView(new TextEncoder().encode(NAME).buffer);
  const body = concatenate([
    element(UINT32, flags),
    element(INT32, dimensions),
    element(INT8, name),
    element(DOUBLE, numbers),
  ]);
  const header = new Uint8Array(HEADER_BYTES).fill(0x20, 0, 116);
  const title = `${TITLE}: blur kernel x${scale} for ${PURPOSE[orientation]}`;
  header.set(new TextEncoder().encode(title));
  // Version 1.0, and the two letters by which a reader knows the order of bytes.
  header.set([0x00, 0x01, 0x49, 0x4d], 124);
  return concatenate([header, element(MATRIX, new DataView(body.buffer))]);
}

/**
 * The variable `Kernel` of a MATLAB level 5 file, or its only numeric matrix, of any numeric type, compressed or
 * not, in either order of bytes.
 * @throws {KernelError} if there is none, it is not square, or the bytes are not such a file.
 */
export async function decodeMat(bytes: Uint8Array): Promise<SquareMatrix> {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const mark = bytes.length < HEADER_BYTES ? "" : String.fromCharCode(view.getUint8(126), view.getUint8(127));
  if ([0, 512].some((at) => HDF5.every((byte, i) => bytes[at + i] === byte))) {
    throw new KernelError(
      `This is a file of MATLAB 7.3 (HDF5), which is not read: save it again in MATLAB with save("kernel.mat", "${NAME}", "-v7"), or as .npy.`,
    );
  }
  if (mark !== "IM" && mark !== "MI") {
    throw new KernelError(
      `This is not a MATLAB level 5 file: save it again in MATLAB with save("kernel.mat", "${NAME}", "-v7"), or as .npy.`,
    );
  }
  let matrices: Matrix[];
  try {
    matrices = await readMatrices(view, mark === "IM");
  } catch (cause) {
    if (cause instanceof KernelError) throw cause;
    throw new KernelError("The MATLAB file is damaged or incomplete.", { cause });
  }
  const matrix =
    matrices.find(({ name }) => name === NAME) ?? (matrices.length === 1 ? matrices[0] : undefined);
  if (!matrix) throw new KernelError(`The MATLAB file has no variable "${NAME}" of real numbers.`);
  const size = sideOf(matrix.dimensions);
  const values = Float64Array.from(
    { length: size * size },
    (_, index) => matrix.values[(index % size) * size + Math.floor(index / size)] as number,
  );
  return { size, values };
}

async function readMatrices(view: DataView, little: boolean): Promise<Matrix[]> {
  const matrices: Matrix[] = [];
  let budget = MAX_INFLATED;
  let variables = 0;
  for (let at = HEADER_BYTES; at < view.byteLength; ) {
    if (++variables > MAX_VARIABLES) {
      throw new KernelError(
        `The MATLAB file has more than ${MAX_VARIABLES} variables; save the kernel alone.`,
      );
    }
    let item = readElement(view, at, little);
    at = item.end;
    if (item.kind === COMPRESSED) {
      const inflated = await inflate(item.data, budget);
      budget -= inflated.byteLength;
      item = readElement(inflated, 0, little);
    }
    const matrix = item.kind === MATRIX ? readMatrix(item.data, little) : undefined;
    if (matrix) matrices.push(matrix);
  }
  return matrices;
}

/** A matrix of real numbers; undefined for a cell, a structure, text, something sparse, or complex numbers. */
function readMatrix(view: DataView, little: boolean): Matrix | undefined {
  const flags = readElement(view, 0, little);
  const word = flags.data.getUint32(0, little);
  const matrixClass = word & 0xff;
  if (matrixClass < DOUBLE_CLASS || matrixClass > LAST_NUMERIC_CLASS || word & COMPLEX) return undefined;
  const dimensions = readElement(view, flags.end, little);
  const name = readElement(view, dimensions.end, little);
  const real = readElement(view, name.end, little);
  const matrix = {
    name: String.fromCharCode(...readNumbers(name, little)),
    dimensions: readNumbers(dimensions, little),
    values: readNumbers(real, little),
  };
  const count = matrix.dimensions.reduce((product, length) => product * length, 1);
  if (count !== matrix.values.length) throw new RangeError(`${count} values expected`);
  return matrix;
}

/** Reads the tag at `at`; an element of up to four bytes may stand inside its tag. */
function readElement(view: DataView, at: number, little: boolean): Element {
  const tag = view.getUint32(at, little);
  const smallBytes = tag >>> 16;
  if (smallBytes > 0) {
    return { kind: tag & 0xffff, data: subview(view, at + 4, smallBytes), end: at + 8 };
  }
  const bytes = view.getUint32(at + 4, little);
  const padded = tag === COMPRESSED ? bytes : Math.ceil(bytes / 8) * 8;
  return { kind: tag, data: subview(view, at + 8, bytes), end: at + 8 + padded };
}

function subview(view: DataView, at: number, bytes: number): DataView {
  // The bytes may be a part of a larger buffer, whose other parts are none of the file's.
  if (at + bytes > view.byteLength) throw new RangeError("element ends after its container");
  return new DataView(view.buffer, view.byteOffset + at, bytes);
}

function readNumbers({ kind, data }: Element, little: boolean): number[] {
  const type = NUMBERS[kind];
  if (!type) throw new RangeError(`element of kind ${kind}`);
  const [bytes, read] = type;
  return Array.from({ length: Math.floor(data.byteLength / bytes) }, (_, index) =>
    read(data, index * bytes, little),
  );
}

/** @throws {KernelError} if the data unfold to more than `limit` bytes: a few kilobytes can unfold to gigabytes. */
async function inflate(data: DataView, limit: number): Promise<DataView> {
  const bytes = new Uint8Array(data.byteLength);
  bytes.set(new Uint8Array(data.buffer, data.byteOffset, data.byteLength));
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("deflate"));
  const reader = stream.getReader();
  const parts: Uint8Array[] = [];
  let left = limit;
  for (let part = await reader.read(); !part.done; part = await reader.read()) {
    parts.push(part.value);
    left -= part.value.length;
    if (left >= 0) continue;
    await reader.cancel();
    throw new KernelError(
      `The MATLAB file unpacks to more than ${MAX_INFLATED} bytes, far more than a kernel; save the kernel alone.`,
    );
  }
  return new DataView(concatenate(parts).buffer);
}

/** An element with its tag, padded to a multiple of eight bytes. */
function element(kind: number, data: DataView): Uint8Array {
  const bytes = new Uint8Array(8 + Math.ceil(data.byteLength / 8) * 8);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, kind, true);
  view.setUint32(4, data.byteLength, true);
  bytes.set(new Uint8Array(data.buffer, data.byteOffset, data.byteLength), 8);
  return bytes;
}

function concatenate(parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
