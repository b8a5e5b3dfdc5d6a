import { expect } from "vitest";

/** Scattered values of a large array and its sum of squares, as the fixtures hold them. */
interface Sampled {
  readonly length: number;
  readonly at: readonly number[];
  readonly values: readonly number[];
  readonly squares: number;
}

/** Expects the array that the samples are of; every value within the tolerance, relative to the largest one. */
export function expectSampled(actual: ArrayLike<number>, expected: Sampled, tolerance: number): void {
  expect(actual.length).toBe(expected.length);
  const largest = Math.max(...expected.values.map(Math.abs));
  expected.at.forEach((at, i) => {
    expect(Math.abs(actual[at] - expected.values[i]), `value ${at}`).toBeLessThanOrEqual(tolerance * largest);
  });
  const squares = Array.from(actual).reduce((sum, value) => sum + value * value, 0);
  expect(Math.abs(squares / expected.squares - 1), "sum of squares").toBeLessThanOrEqual(tolerance);
}
