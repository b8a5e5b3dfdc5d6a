/** How a number of the file becomes a float32. */
export interface FloatType {
  /** Bytes of one value. */
  readonly bytes: number;
  /** Reads the little-endian value that starts at `offset`. */
  read(view: DataView, offset: number): number;
}

export const F32: FloatType = { bytes: 4, read: (view, offset) => view.getFloat32(offset, true) };
export const F64: FloatType = { bytes: 8, read: (view, offset) => view.getFloat64(offset, true) };
export const F16: FloatType = {
  bytes: 2,
  read: (view, offset) => halfToNumber(view.getUint16(offset, true)),
};
export const BF16: FloatType = { bytes: 2, read: readBfloat16 };

/** Value of the 16 bits of an IEEE 754 half: 1 sign, 5 exponent, 10 fraction. */
function halfToNumber(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 0x1f;
  const fraction = bits & 0x3ff;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  if (exponent === 31) return fraction === 0 ? sign * Number.POSITIVE_INFINITY : Number.NaN;
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}

const scratch = new DataView(new ArrayBuffer(4));

/** A bfloat16 is the upper half of a float32. */
function readBfloat16(view: DataView, offset: number): number {
  scratch.setUint32(0, view.getUint16(offset, true) << 16);
  return scratch.getFloat32(0);
}
