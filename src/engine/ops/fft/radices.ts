const ODD_PRIMES = [3, 5, 7, 11, 13];

/** Radices whose butterfly is written out in the shader; those of other primes are loops, and slower. */
const WRITTEN_OUT: ReadonlySet<number> = new Set([2, 3, 4, 5, 8, 16]);

/** Whether the shader has the butterfly of a radix written out. */
export function isWrittenOut(radix: number): boolean {
  return WRITTEN_OUT.has(radix);
}

/**
 * Radices of the passes that transform a length; their product is the length.
 * @returns undefined if the length has a prime factor above 13.
 */
export function radicesOf(length: number): readonly number[] | undefined {
  let rest = length;
  let twos = 0;
  for (; rest % 2 === 0; rest /= 2) twos++;
  // As few passes as a radix of at most 16 allows, with radices as equal as possible.
  const passes = Math.ceil(twos / 4);
  const radices = Array.from({ length: passes }, (_, i) => 2 ** Math.floor((twos + i) / passes)).reverse();
  for (const prime of ODD_PRIMES) {
    for (; rest % prime === 0; rest /= prime) radices.push(prime);
  }
  return rest === 1 ? radices : undefined;
}

/** The length from `least` on whose written-out transform is cheapest: elements times passes. */
export function cheapestLength(least: number): number {
  let cheapest = least;
  let lowest = Infinity;
  for (let length = least; length < 2 * least; length++) {
    const radices = radicesOf(length);
    if (!radices?.every(isWrittenOut)) continue;
    if (length * radices.length < lowest) {
      cheapest = length;
      lowest = length * radices.length;
    }
  }
  return cheapest;
}
