const ODD_PRIMES = [3, 5, 7, 11, 13];

/** Radices from which the pass is written out; that of another prime is a loop, and takes longer. */
const WRITTEN_OUT: ReadonlySet<number> = new Set([2, 3, 4, 5, 8, 16]);

/** Whether a radix has its butterfly written out in the shader. */
export function isWrittenOut(radix: number): boolean {
  return WRITTEN_OUT.has(radix);
}

/**
 * Radices of the passes that transform a length: their product is the length.
 * @returns nothing if the length has a prime factor above 13.
 */
export function radicesOf(length: number): readonly number[] | undefined {
  let rest = length;
  let twos = 0;
  for (; rest % 2 === 0; rest /= 2) twos++;
  // As few passes as a radix of 16 allows, and those as even as can be.
  const passes = Math.ceil(twos / 4);
  const radices = Array.from({ length: passes }, (_, i) => 2 ** Math.floor((twos + i) / passes)).reverse();
  for (const prime of ODD_PRIMES) {
    for (; rest % prime === 0; rest /= prime) radices.push(prime);
  }
  return rest === 1 ? radices : undefined;
}

/** The length of at least `least` whose transform is the cheapest, elements times passes, of those written out. */
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
