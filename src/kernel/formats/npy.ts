import { KernelError } from "../errors.js";
import { type SquareMatrix, sideOf } from "./square-matrix.js";

/** The values begin at a multiple of this. */
const ALIGNMENT = 64;
const MAGIC = [0x93, ...new TextEncoder().encode("NUMPY")];

/** Element types that are read; NumPy's name, bytes, and the reader. */
const TYPES: Record<string, [bytes: number, read: (view: DataView, at: number, little: boolean) => number]> =
  {
    f8: [8, (view, at, little) => view.getFloat64(at, little)],
    f4: [4, (view, at, little) => view.getFloat32(at, little)],
  };

/** A NumPy file (format 1.0, `<f8`, C order, shape `(size, size)`) of a matrix. */
export function encodeNpy({ size, values }: SquareMatrix): Uint8Array {
  const dictionary = `{'descr': '<f8', 'fortran_order': False, 'shape': (${size}, ${size}), }`;
  const unpadded = MAGIC.length + 4 + dictionary.length + 1;
  const start = Math.ceil(unpadded / ALIGNMENT) * ALIGNMENT;
  const bytes = new Uint8Array(start + 8 * values.length);
  const view = new DataView(bytes.buffer);
  const header = `${dictionary}${" ".repeat(start - unpadded)}\n`;
  bytes.set(MAGIC);
  view.setUint16(MAGIC.length, 0x0100);
  view.setUint16(MAGIC.length + 2, header.length, true);
  bytes.set(new TextEncoder().encode(header), MAGIC.length + 4);
  for (const [index, value] of values.entries()) view.setFloat64(start + 8 * index, value, true);
  return bytes;
}

/**
 * The square matrix of a NumPy file of format 1, 2 or 3, in single or double precision, either order of bytes
 * and of axes.
 * @throws {KernelError} if the bytes are anything else.
 */
export function decodeNpy(bytes: Uint8Array): SquareMatrix {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (!MAGIC.every((byte, index) => bytes[index] === byte))
    throw new KernelError("This is not a NumPy file.");
  const cut = "The NumPy file ends before its last value.";
  if (bytes.length < 12) throw new KernelError(cut);
  const version = view.getUint8(MAGIC.length);
  if (version > 3)
    throw new KernelError(`NumPy files have format 1, 2 or 3; this one has format ${version}.`);
  const wide = version > 1;
  const headerStart = MAGIC.length + (wide ? 6 : 4);
  const start = headerStart + (wide ? view.getUint32(8, true) : view.getUint16(8, true));
  if (bytes.length < start) throw new KernelError(cut);
  const header = new TextDecoder().decode(bytes.subarray(headerStart, start));
  const [, order, code] = /'descr':\s*'([<>|=])(\w+)'/.exec(header) ?? [];
  const [, fortran] = /'fortran_order':\s*(True|False)/.exec(header) ?? [];
  const [, shape] = /'shape':\s*\(([^)]*)\)/.exec(header) ?? [];
  const type = TYPES[code ?? ""];
  if (!type || shape === undefined) {
    throw new KernelError("A kernel in a NumPy file is a matrix of float32 or float64 numbers.");
  }
  // Python 2 wrote long integers.
  const sides = (shape.match(/[^\s,]+/g) ?? []).map((side) => Number(side.replace(/L$/, "")));
  const size = sideOf(sides);
  const [elementBytes, read] = type;
  const excess = bytes.length - (start + elementBytes * size * size);
  if (excess < 0) throw new KernelError(cut);
  if (excess > 0) {
    throw new KernelError(
      `The NumPy file has ${excess} bytes after the ${size}×${size} values that it names; it is damaged or does not hold a kernel.`,
    );
  }
  const values = new Float64Array(size * size);
  for (let index = 0; index < values.length; index++) {
    const at = fortran === "True" ? (index % size) * size + Math.floor(index / size) : index;
    values[index] = read(view, start + elementBytes * at, order !== ">");
  }
  return { size, values };
}
