import type { Covariance } from "../../kernel/metrics/kernel-metrics.js";

/** A place [row, column] among others. */
type Place = readonly [row: number, column: number];

/**
 * A transformation of an image whose spectrum needs no new measurement: mirrored, transposed, or both. A power spectrum has no
 * phase, so turning by 180° changes nothing, and the eight symmetries of a square reduce to four.
 */
export interface Symmetry {
  /** For each frequency of the turned image's half spectrum, [side, side / 2 + 1], its place in the original half spectrum. */
  places(side: number): Int32Array;
  /** For each value of a turned point-symmetric kernel its place in the original one; the side is even. */
  kernelPlaces(side: number): Int32Array;
  /** The covariance of a kernel turned likewise; each of the four is its own inverse. */
  turn(covariance: Covariance): Covariance;
}

/** The four symmetries; the first one is the identity. */
export const SYMMETRIES: readonly Symmetry[] = [
  symmetry(false, 1),
  symmetry(false, -1),
  symmetry(true, 1),
  symmetry(true, -1),
];

/** @param sign of the row that a row of the turned image comes from. */
function symmetry(transposes: boolean, sign: 1 | -1): Symmetry {
  const source = (row: number, column: number): Place =>
    transposes ? [column, sign * row] : [sign * row, column];
  return {
    places: (side) => {
      const columns = side / 2 + 1;
      return Int32Array.from({ length: side * columns }, (_, i) =>
        place(source(Math.floor(i / columns), i % columns), side),
      );
    },
    kernelPlaces: (side) =>
      Int32Array.from({ length: side ** 2 }, (_, i) => {
        // Twice the distances from the middle.
        const [row, column] = source(2 * Math.floor(i / side) - side + 1, 2 * (i % side) - side + 1);
        return ((row + side - 1) / 2) * side + (column + side - 1) / 2;
      }),
    turn: ({ xx, xy, yy }) => (transposes ? { xx: yy, xy: sign * xy, yy: xx } : { xx, xy: sign * xy, yy }),
  };
}

/** The place of a frequency, or of the opposite one, in a half spectrum. */
function place([row, column]: Place, side: number): number {
  const columns = side / 2 + 1;
  const [r, c] = [row & (side - 1), column & (side - 1)];
  return c < columns ? r * columns + c : ((side - r) % side) * columns + side - c;
}
