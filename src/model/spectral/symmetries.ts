import type { Covariance } from "../../kernel/metrics/kernel-metrics.js";
import { WINDOW } from "./windows.js";

const COLUMNS = WINDOW / 2 + 1;

/**
 * A transformation of an image whose spectrum needs no new measurement: mirrored, transposed, or both. A power spectrum has no
 * phase, so turning by 180° changes nothing, and the eight symmetries of a square reduce to four.
 */
export interface Symmetry {
  /** For each frequency of the turned image's half spectrum, its place in the original half spectrum. */
  readonly places: Int32Array;
  /** The covariance of a kernel turned likewise; each of the four is its own inverse. */
  turn(covariance: Covariance): Covariance;
}

/** The four symmetries; the first one is the identity. */
export const SYMMETRIES: readonly Symmetry[] = [
  symmetry(
    (row, column) => [row, column],
    (covariance) => covariance,
  ),
  symmetry(
    (row, column) => [-row, column],
    ({ xx, xy, yy }) => ({ xx, xy: -xy, yy }),
  ),
  symmetry(
    (row, column) => [column, row],
    ({ xx, xy, yy }) => ({ xx: yy, xy, yy: xx }),
  ),
  symmetry(
    (row, column) => [column, -row],
    ({ xx, xy, yy }) => ({ xx: yy, xy: -xy, yy: xx }),
  ),
];

function symmetry(
  source: (row: number, column: number) => [row: number, column: number],
  turn: Symmetry["turn"],
): Symmetry {
  const places = Int32Array.from({ length: WINDOW * COLUMNS }, (_, i) =>
    place(...source(Math.floor(i / COLUMNS), i % COLUMNS)),
  );
  return { places, turn };
}

/** The place of a frequency, or of the opposite one, in a half spectrum. */
function place(row: number, column: number): number {
  const [r, c] = [row & (WINDOW - 1), column & (WINDOW - 1)];
  return c < COLUMNS ? r * COLUMNS + c : ((WINDOW - r) % WINDOW) * COLUMNS + WINDOW - c;
}
