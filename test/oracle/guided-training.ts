import { at, generate, type NdArray, ndArray } from "./nd-array.js";

/** A fully connected layer: x [N, I], weights [O, I] and biases [O] → [N, O]. */
export function linear(x: NdArray, weight: NdArray, bias: NdArray, relu: boolean): NdArray {
  const [N = 0, I = 0] = x.shape;
  return generate([N, bias.data.length], (n, o) => {
    let sum = at(bias, o);
    for (let i = 0; i < I; i++) sum += at(weight, o, i) * at(x, n, i);
    return relu ? Math.max(sum, 0) : sum;
  });
}

/** The columns of a table from `first` on. */
export function columns(x: NdArray, first: number, width: number): NdArray {
  return generate([x.shape[0] as number, width], (n, i) => at(x, n, first + i));
}

/** Planes [M, P], each scaled by its factor less `offset`, and shifted; a residual added, or a ReLU. */
export function scalePlanes(
  x: NdArray,
  factors: NdArray,
  offset: number,
  { shifts, residual, relu = false }: { shifts?: NdArray; residual?: NdArray; relu?: boolean },
): NdArray {
  return generate(x.shape, (m, p) => {
    const scaled = (offset + at(factors, m)) * at(x, m, p);
    const value = scaled + (shifts ? at(shifts, m) : 0) + (residual ? at(residual, m, p) : 0);
    return relu ? Math.max(value, 0) : value;
  });
}

/** Planes [N, 3·s², h, w] as pixels [N, 3, s·h, s·w]. */
export function pixelShuffle(x: NdArray, scale: number): NdArray {
  const [N = 0, , h = 0, w = 0] = x.shape;
  return generate([N, 3, scale * h, scale * w], (n, c, row, column) => {
    const plane = (c * scale + (row % scale)) * scale + (column % scale);
    return at(x, n, plane, Math.floor(row / scale), Math.floor(column / scale));
  });
}

/** Images x [N · C, H, W] convolved circularly with kernels [N, H, W], and every scale-th of their pixels. */
export function sampledBlur(x: NdArray, kernels: NdArray, scale: number): NdArray {
  const [images = 0, H = 0, W = 0] = x.shape;
  const channels = images / (kernels.shape[0] as number);
  return generate([images, H / scale, W / scale], (m, row, column) => {
    let sum = 0;
    for (let i = 0; i < H; i++) {
      for (let j = 0; j < W; j++) {
        const [down, right] = [(scale * row - i + H) % H, (scale * column - j + W) % W];
        sum += at(kernels, Math.floor(m / channels), down, right) * at(x, m, i, j);
      }
    }
    return sum;
  });
}

/** The transpose of {@link sampledBlur}: images x [N · C, h, w] → [N · C, s·h, s·w]. */
export function spreadBlur(x: NdArray, kernels: NdArray, scale: number): NdArray {
  const [images = 0, h = 0, w = 0] = x.shape;
  const [H, W] = [scale * h, scale * w];
  const channels = images / (kernels.shape[0] as number);
  return generate([images, H, W], (m, i, j) => {
    let sum = 0;
    for (let row = 0; row < h; row++) {
      for (let column = 0; column < w; column++) {
        const [down, right] = [(scale * row - i + H) % H, (scale * column - j + W) % W];
        sum += at(kernels, Math.floor(m / channels), down, right) * at(x, m, row, column);
      }
    }
    return sum;
  });
}

/** Spectra x [N · C, h, w, 2] divided by the real parts of powers [N, h, w, 2] plus base [N] times e^trust [N]. */
export function trustData(x: NdArray, power: NdArray, base: NdArray, trust: NdArray): NdArray {
  const channels = (x.shape[0] as number) / base.data.length;
  return generate(x.shape, (m, row, column, part) => {
    const n = Math.floor(m / channels);
    return (
      at(x, m, row, column, part) /
      (at(power, n, row, column, 0) + at(base, n) * Math.exp(trust.data[n] as number))
    );
  });
}

/** known − x of images [M, h, w], zero in a rim. */
export function knownRest(known: NdArray, x: NdArray, rim: number): NdArray {
  const [, h = 0, w = 0] = x.shape;
  return generate(x.shape, (m, row, column) => {
    const depth = Math.min(row, column, h - 1 - row, w - 1 - column);
    return depth < rim ? 0 : at(known, m, row, column) - at(x, m, row, column);
  });
}

/** A twentieth of the logarithm of the mean square errors of pictures [N, 3, H, W], luma counted more, without a rim. */
export function logarithmicLoss(x: NdArray, sharp: NdArray, rim: number): NdArray {
  const [N = 0, , H = 0, W = 0] = x.shape;
  const luma = [0.257, 0.504, 0.098].map(Math.fround);
  const losses = Array.from({ length: N }, (_, n) => {
    let [lumas, colors] = [0, 0];
    for (let row = rim; row < H - rim; row++) {
      for (let column = rim; column < W - rim; column++) {
        const errors = luma.map((_weight, c) => at(x, n, c, row, column) - at(sharp, n, c, row, column));
        lumas += errors.reduce((sum, error, c) => sum + error * (luma[c] as number), 0) ** 2;
        colors += errors.reduce((sum, error) => sum + error ** 2, 0) / 3;
      }
    }
    return Math.log((lumas + 0.3 * colors) / ((H - 2 * rim) * (W - 2 * rim)) + 1e-4) / 20;
  });
  return ndArray([N], losses);
}
