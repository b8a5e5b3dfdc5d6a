import { at, generate, type NdArray } from "./nd-array.js";

/** The vectors of a matrix after one power-iteration step. */
export interface PowerVectors {
  readonly u: readonly number[];
  readonly v: readonly number[];
}

/** The vectors after each of `calls` steps: v ← Wᵀu and u ← W v, each divided by its length. */
export function powerIterations(w: NdArray, start: ArrayLike<number>, calls: number): PowerVectors[] {
  const { rows, columns, entry } = matrix(w);
  let u = Array.from(start);
  return Array.from({ length: calls }, () => {
    const v = unit(
      Array.from({ length: columns }, (_, c) => sum(rows, (r) => entry(r, c) * (u[r] as number))),
    );
    u = unit(Array.from({ length: rows }, (_, r) => sum(columns, (c) => entry(r, c) * (v[c] as number))));
    return { u, v };
  });
}

/**
 * W / (uᵀ W v) for the vectors of each call: [calls, rows, columns padded with zeros to a multiple of four].
 */
export function spectralNorm(w: NdArray, vectors: readonly PowerVectors[]): NdArray {
  const { rows, columns, entry } = matrix(w);
  const sigmas = vectors.map(({ u, v }) =>
    sum(rows, (r) => (u[r] as number) * sum(columns, (c) => entry(r, c) * (v[c] as number))),
  );
  return generate([vectors.length, rows, Math.ceil(columns / 4) * 4], (call, row, column) =>
    column < columns ? entry(row, column) / (sigmas[call] as number) : 0,
  );
}

function matrix(w: NdArray): { rows: number; columns: number; entry: (r: number, c: number) => number } {
  const rows = w.shape[0] as number;
  const flat = { shape: [rows, w.data.length / rows], data: w.data };
  return { rows, columns: w.data.length / rows, entry: (r, c) => at(flat, r, c) };
}

function sum(count: number, term: (i: number) => number): number {
  let total = 0;
  for (let i = 0; i < count; i++) total += term(i);
  return total;
}

function unit(vector: number[]): number[] {
  const length = Math.sqrt(vector.reduce((total, value) => total + value * value, 0));
  return vector.map((value) => value / length);
}
