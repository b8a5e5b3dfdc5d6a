/** Named arrays of numbers that a contestant computed. */
export type Result = Readonly<Record<string, Float32Array>>;

/** How far results may differ from one another, in the norm of each array. */
const TOLERANCE = 1e-3;

/** The largest difference between two results, and where it is. */
export interface Difference {
  readonly value: number;
  /** Name of the array. */
  readonly where: string;
}

/** Compares each array in the Euclidean norm, as a part of the larger one; infinite where one is missing or not finite. */
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
 * Which results can be believed: those that agree with more than half of all, themselves included. So a contestant that is
 * alone in the wrong is found out whoever it is, ours too; and if two are left that differ, neither is believed.
 * @returns for each contestant why it is not believed, or undefined.
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
