import { generate, type NdArray } from "./nd-array.js";

/** Cross-correlation of x [N, I, H, W] with w [O, I, h, w]. */
export function conv2d(
  x: NdArray,
  w: NdArray,
  { stride = 1, padding = 0, mode = "zero" }: { stride?: number; padding?: number; mode?: string } = {},
): NdArray {
  const [N = 0, I = 0, H = 0, W = 0] = x.shape;
  const [O = 0, , h = 0, width = 0] = w.shape;
  const pixel = (n: number, i: number, row: number, column: number): number => {
    const plane = (n * I + i) * H;
    if (mode === "circular") return x.data[(plane + ((row + H) % H)) * W + ((column + W) % W)] as number;
    const outside = row < 0 || row >= H || column < 0 || column >= W;
    return outside ? 0 : (x.data[(plane + row) * W + column] as number);
  };
  const outH = Math.floor((H + 2 * padding - h) / stride) + 1;
  const outW = Math.floor((W + 2 * padding - width) / stride) + 1;
  return generate([N, O, outH, outW], (n, o, r, c) => {
    let sum = 0;
    for (let i = 0; i < I; i++) {
      for (let ky = 0; ky < h; ky++) {
        for (let kx = 0; kx < width; kx++) {
          const weight = w.data[((o * I + i) * h + ky) * width + kx] as number;
          sum += weight * pixel(n, i, r * stride + ky - padding, c * stride + kx - padding);
        }
      }
    }
    return sum;
  });
}
