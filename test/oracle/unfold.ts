import { at, generate, type NdArray } from "./nd-array.js";

/** Columns of a valid convolution, with zero rows up to a multiple of four. */
export function unfold(x: NdArray, size: number): NdArray {
  const [N = 0, C = 0, H = 0, W = 0] = x.shape;
  const width = W - size + 1;
  const taps = Math.ceil((C * size * size) / 4) * 4;
  return generate([N, taps, (H - size + 1) * width], (n, tap, p) => {
    const c = Math.floor(tap / size ** 2);
    const ky = Math.floor(tap / size) % size;
    return c < C ? at(x, n, c, Math.floor(p / width) + ky, (p % width) + (tap % size)) : 0;
  });
}
