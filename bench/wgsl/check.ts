import { difference } from "../comparison/agreement.js";
import type { ShaderBuffer } from "../harness/sessions/shader-session.js";
import { BenchError } from "../report/errors.js";

/** Buffers as lists of numbers, by their names. */
export type Buffers = Readonly<Record<string, readonly number[]>>;

/** Relative differences that rounding explains, in the norm of a buffer. Integers do not round. */
const ROUNDING: Readonly<Record<ShaderBuffer["dtype"], number>> = { f32: 1e-4, f16: 1e-3, u32: 0, i32: 0 };

/**
 * The largest relative difference of a shader's results from a reference.
 * @param tolerance allowed; unless given, that of a buffer's type.
 * @param from the reference's name, for the error message.
 * @throws {BenchError} if a buffer is off by more.
 */
export function requireAgreement(
  outs: readonly ShaderBuffer[],
  results: Buffers,
  reference: Buffers,
  tolerance: number | undefined,
  from: string,
): number {
  const values = outs.map(({ name, dtype }) => {
    const [found, wanted] = [results[name] ?? [], reference[name] ?? []];
    if (found.length !== wanted.length) {
      throw new BenchError(
        `${name} has ${found.length} elements and ${from} has ${wanted.length}, so nothing is timed.`,
      );
    }
    const worst = worstPlace(found, wanted);
    if (worst === undefined) return 0;
    const { value } = difference({ [name]: Float32Array.from(found) }, { [name]: Float32Array.from(wanted) });
    const allowed = tolerance ?? ROUNDING[dtype];
    // Two integers that differ may be the same as floats.
    if (value <= allowed && allowed > 0) return value;
    throw new BenchError(
      `${name} is off by ${value.toExponential(1)} compared with ${from}, most at element ${worst} (${found[worst]} instead of ${wanted[worst]}), and ${allowed} is allowed, so nothing is timed.`,
    );
  });
  return Math.max(0, ...values);
}

/** The element that differs most, or the first that is no number on one side; undefined if all are equal. */
function worstPlace(found: readonly number[], wanted: readonly number[]): number | undefined {
  let worst: number | undefined;
  let most = 0;
  for (const [i, value] of found.entries()) {
    const distance = Math.abs(value - (wanted[i] as number));
    if (Number.isNaN(distance)) return i;
    if (distance <= most) continue;
    most = distance;
    worst = i;
  }
  return worst;
}
