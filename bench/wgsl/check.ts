import { difference } from "../comparison/agreement.js";
import { BenchError } from "../report/errors.js";

/** Buffers as lists of numbers, by their names. */
export type Buffers = Readonly<Record<string, readonly number[]>>;

/**
 * The largest relative difference of a shader's results from a reference.
 * @throws {BenchError} if it is above the tolerance.
 */
export function requireAgreement(
  results: Buffers,
  reference: Buffers,
  tolerance: number,
  from: string,
): number {
  const floats = (buffers: Buffers) =>
    Object.fromEntries(Object.entries(buffers).map(([name, values]) => [name, Float32Array.from(values)]));
  const { value, where } = difference(floats(results), floats(reference));
  if (value <= tolerance) return value;
  const size = results[where]?.length;
  const wanted = reference[where]?.length;
  const how =
    size === wanted ? `is off by ${value.toExponential(1)}` : `has ${size} elements instead of ${wanted}`;
  throw new BenchError(
    `${where} ${how} compared with ${from}, and ${tolerance} is allowed, so nothing is timed.`,
  );
}
