const SINGLE = new Float32Array(1);
const BITS = new Uint32Array(SINGLE.buffer);

/** The bits of numbers in half precision (IEEE 754 binary16), rounded to the nearest; too large ones become infinite. */
export function halfFloats(values: ArrayLike<number>): Uint16Array {
  return Uint16Array.from({ length: values.length }, (_, i) => halfFloat(values[i]));
}

function halfFloat(value: number): number {
  SINGLE[0] = value;
  const bits = BITS[0];
  const sign = (bits >>> 16) & 0x8000;
  const exponent = ((bits >>> 23) & 0xff) - 112;
  const fraction = bits & 0x7fffff;
  if (exponent >= 31) return sign | 0x7c00;
  if (exponent <= 0) {
    // A subnormal: a multiple of 2⁻²⁴.
    return sign | Math.round(Math.abs(value) * 2 ** 24);
  }
  const rounded = (exponent << 10) + (fraction >>> 13) + ((fraction >>> 12) & 1);
  // Halfway between two, to the even one.
  return sign | ((fraction & 0x1fff) === 0x1000 ? rounded & ~1 : rounded);
}
