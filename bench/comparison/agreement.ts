/** The numbers that a participant computed, as named arrays. */
export type Result = Readonly<Record<string, Float32Array>>;

/** How far results may differ from one another, in the norm of each array. */
const TOLERANCE = 1e-3;

/** The largest difference between two results, and where it is. */
export interface Difference {
  readonly value: number;
  /** Name of the array. */
  readonly where: string;
}

/** Compares each array in the Euclidean norm, relative to the larger one. Infinite if one is missing or not finite. */
export function difference(a: Result, b: Result): Difference {
  let worst: Difference = { value: 0, where: "" };
  for (const where of new Set([...Object.keys(a), ...Object.keys(b)])) {
    const value = relativeDistance(a[where], b[where]);
    if (value > worst.value) worst = { value, where };
  }
  return worst;
}

function relativeDistance(a: Float32Array | undefined, b: Float32Array | undefined): number {
  if (!a || !b || a.length !== b.length) return Number.POSITIVE_INFINITY;
  const largest = Math.max(norm(a), norm(b));
  const distance = norm(a.map((value, i) => value - (b[i] as number)));
  if (!Number.isFinite(largest)) return Number.POSITIVE_INFINITY;
  return distance === 0 ? 0 : distance / largest;
}

function norm(values: Float32Array): number {
  return Math.sqrt(values.reduce((sum, value) => sum + value * value, 0));
}

/**
 * Trusts the results that agree with more than half of all results, themselves included. So a single wrong participant is
 * found, this package too; and of two that differ, neither is trusted.
 * @returns for each participant the reason against it, or undefined if its result is trusted.
 */
export function judge(
  results: ReadonlyMap<string, Result>,
  tolerance = TOLERANCE,
): Map<string, string | undefined> {
  return new Map(
    [...results].map(([name, result]) => {
      const others = [...results].filter(([other]) => other !== name);
      const differences = others.map(([other, its]) => ({ other, ...difference(result, its) }));
      const against = differences.filter(({ value }) => !(value <= tolerance));
      const finite = Object.values(result).every((values) => values.every(Number.isFinite));
      if (!finite) return [name, "its numbers are not finite"];
      if (2 * (results.size - against.length) > results.size) return [name, undefined];
      const reasons = against.map(
        ({ other, value, where }) => `${where} is ${value.toExponential(1)} off that of ${other}`,
      );
      return [name, reasons.join(", ")];
    }),
  );
}
