import { type NdArray, ndArray } from "./nd-array.js";

/** A complex array, its parts apart. */
interface ComplexArray {
  readonly real: Float64Array;
  readonly imaginary: Float64Array;
}

/**
 * The unnormalized 2-D DFT of x [N, H, W]: columns 0 … ⌊W/2⌋ of it, parts interleaved, straight from the
 * definition.
 */
export function realFft2d(x: NdArray): NdArray {
  const [N = 0, H = 0, W = 0] = x.shape;
  const half = Math.floor(W / 2) + 1;
  const rows = transform(
    { real: x.data, imaginary: new Float64Array(x.data.length) },
    [N * H, W, 1],
    -1,
    half,
  );
  const { real, imaginary } = transform(rows, [N, H, half], -1);
  const spectrum = ndArray([N, H, half, 2]);
  real.forEach((value, i) => {
    spectrum.data[2 * i] = value;
    spectrum.data[2 * i + 1] = imaginary[i] as number;
  });
  return spectrum;
}

/**
 * NumPy's irfft2 of a half spectrum [N, H, ⌊width/2⌋ + 1, 2]: the inverse along H; then each row extended to
 * `width` by conjugate symmetry, without the imaginary parts that a symmetric row cannot have; then the
 * inverse along it.
 */
export function inverseRealFft2d({ shape, data }: NdArray, width: number): NdArray {
  const [N = 0, H = 0, half = 0] = shape;
  const real = data.filter((_, i) => i % 2 === 0);
  const imaginary = data.filter((_, i) => i % 2 === 1);
  const columns = transform({ real, imaginary }, [N, H, half], 1);
  const full = { real: new Float64Array(N * H * width), imaginary: new Float64Array(N * H * width) };
  for (let row = 0; row < N * H; row++) {
    for (let k = 0; k < width; k++) {
      const mirror = (width - k) % width;
      const stored = row * half + Math.min(k, mirror);
      full.real[row * width + k] = columns.real[stored] as number;
      full.imaginary[row * width + k] = Math.sign(mirror - k) * (columns.imaginary[stored] as number);
    }
  }
  const image = transform(full, [N * H, width, 1], 1).real;
  return ndArray(
    [N, H, width],
    image.map((value) => value / (H * width)),
  );
}

/** Σ_m x[o][m][c] · exp(sign · 2πj · k·m / n) for k < kept along the axis of an array [outer, n, inner]. */
function transform(
  x: ComplexArray,
  [outer, n, inner]: readonly [number, number, number],
  sign: 1 | -1,
  kept = n,
): ComplexArray {
  const cos = Float64Array.from({ length: n }, (_, m) => Math.cos((2 * Math.PI * m) / n));
  const sin = Float64Array.from({ length: n }, (_, m) => sign * Math.sin((2 * Math.PI * m) / n));
  const real = new Float64Array(outer * kept * inner);
  const imaginary = new Float64Array(outer * kept * inner);
  for (let o = 0; o < outer; o++) {
    for (let k = 0; k < kept; k++) {
      for (let c = 0; c < inner; c++) {
        let sumReal = 0;
        let sumImaginary = 0;
        for (let m = 0; m < n; m++) {
          const place = (o * n + m) * inner + c;
          const turn = (k * m) % n;
          const [a, b] = [x.real[place] as number, x.imaginary[place] as number];
          const [p, q] = [cos[turn] as number, sin[turn] as number];
          sumReal += a * p - b * q;
          sumImaginary += a * q + b * p;
        }
        real[(o * kept + k) * inner + c] = sumReal;
        imaginary[(o * kept + k) * inner + c] = sumImaginary;
      }
    }
  }
  return { real, imaginary };
}
