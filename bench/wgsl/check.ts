import { difference } from "../comparison/agreement.js";
import type { ShaderBuffer } from "../harness/sessions/shader-session.js";
import { BenchError } from "../report/errors.js";

/** Buffers as lists of numbers, by their names. */
export type Buffers = Readonly<Record<string, ArrayLike<number>>>;

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
    if (Number.isNaN(found[worst])) {
      throw new BenchError(
        `${name} is no number at element ${worst} (${wanted[worst]} in ${from}), so nothing is timed.`,
      );
    }
    if (Number.isNaN(wanted[worst])) {
      throw new BenchError(
        `${from} is no number at element ${worst} of ${name} (${found[worst]} in the result), so nothing is timed.`,
      );
    }
    // What is infinite in both is the same, and has no norm.
    const [own, its] = [found, wanted].map((values, side) =>
      Float32Array.from(values, (value, i) =>
        Math.abs(value) === Number.POSITIVE_INFINITY && value === (side === 0 ? wanted : found)[i]
          ? 0
          : value,
      ),
    ) as [Float32Array, Float32Array];
    const { value } = difference({ [name]: own }, { [name]: its });
    const allowed = tolerance ?? ROUNDING[dtype];
    // Two integers that differ may be the same as floats.
    if (value <= allowed && allowed > 0) return value;
    throw new BenchError(
      `${name} is off by ${value.toExponential(1)} compared with ${from}, most at element ${worst} (${found[worst]} instead of ${wanted[worst]}), and ${allowed} is allowed, so nothing is timed.`,
    );
  });
  return Math.max(0, ...values);
}

/** The first element that is no number, which a check may not have asked for; undefined if there is none. */
export function notANumber(values: ArrayLike<number>): number | undefined {
  for (let i = 0; i < values.length; i++) if (Number.isNaN(values[i])) return i;
  return undefined;
}

/** The element that differs most, or the first that is no number on either side; undefined if all are equal. */
function worstPlace(found: ArrayLike<number>, wanted: ArrayLike<number>): number | undefined {
  let worst: number | undefined;
  let most = 0;
  for (let i = 0; i < found.length; i++) {
    if (found[i] === wanted[i]) continue;
    const distance = Math.abs((found[i] as number) - (wanted[i] as number));
    if (Number.isNaN(distance)) return i;
    if (distance <= most) continue;
    most = distance;
    worst = i;
  }
  return worst;
}
