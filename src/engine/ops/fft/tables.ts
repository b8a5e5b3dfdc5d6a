import { radicesOf } from "./radices.js";

/** exp(−2πj · m / n) for m < n, with real and imaginary parts interleaved, as in all complex arrays here. */
export function rootsOfUnity(n: number): Float64Array {
  const roots = new Float64Array(2 * n);
  for (let m = 0; m < n; m++) {
    roots[2 * m] = Math.cos((2 * Math.PI * m) / n);
    roots[2 * m + 1] = -Math.sin((2 * Math.PI * m) / n);
  }
  return roots;
}

/**
 * Bluestein's chirp exp(−πj · m² / n) for m < n; reducing the integer m² modulo the period 2n keeps it exact.
 */
export function chirp(n: number): Float64Array {
  const roots = rootsOfUnity(2 * n);
  const table = new Float64Array(2 * n);
  for (let m = 0; m < n; m++) {
    const place = (m * m) % (2 * n);
    table[2 * m] = roots[2 * place] as number;
    table[2 * m + 1] = roots[2 * place + 1] as number;
  }
  return table;
}

/**
 * Spectrum of the filter of Bluestein's method: the conjugate chirp of n, even around zero, in a period of
 * `padded` ≥ 2n − 1, and divided by that period for the inverse transform.
 */
export function chirpSpectrum(n: number, padded: number): Float64Array {
  const table = chirp(n);
  const filter = new Float64Array(2 * padded);
  for (let m = 0; m < n; m++) {
    for (const place of [m, (padded - m) % padded]) {
      filter[2 * place] = (table[2 * m] as number) / padded;
      filter[2 * place + 1] = -(table[2 * m + 1] as number) / padded;
    }
  }
  return transform(filter);
}

/**
 * The DFT of a complex array whose length has no prime factor above 13, by the passes of the shaders in
 * float64.
 */
function transform(values: Float64Array): Float64Array {
  const n = values.length / 2;
  const roots = rootsOfUnity(n);
  let source = values;
  let done = 1;
  for (const radix of radicesOf(n) ?? []) {
    const result = new Float64Array(2 * n);
    const butterflies = n / radix;
    for (let i = 0; i < butterflies; i++) {
      const k = i % done;
      for (let q = 0; q < radix; q++) {
        let real = 0;
        let imaginary = 0;
        for (let s = 0; s < radix; s++) {
          const place = 2 * (i + s * butterflies);
          const root = 2 * ((s * (k * (butterflies / done) + q * butterflies)) % n);
          const [x, y] = [source[place] as number, source[place + 1] as number];
          const [cos, sin] = [roots[root] as number, roots[root + 1] as number];
          real += x * cos - y * sin;
          imaginary += x * sin + y * cos;
        }
        const place = 2 * ((i - k) * radix + k + q * done);
        result[place] = real;
        result[place + 1] = imaginary;
      }
    }
    source = result;
    done *= radix;
  }
  return source;
}
