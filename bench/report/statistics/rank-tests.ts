/**
 * The chance that values which are as often above as below something are above it at least so often: the sign test's.
 * @param above of `count` values.
 */
export function signTest(above: number, count: number): number {
  let term = 0.5 ** count;
  let chance = 0;
  for (let k = 0; k <= count; k++) {
    if (k >= above) chance += term;
    term *= (count - k) / (k + 1);
  }
  return Math.min(1, chance);
}

/**
 * The chance that of two samples of the same distribution, `now` lies at least so far above `before`: that of Mann and
 * Whitney, exact.
 */
export function rankTest(before: readonly number[], now: readonly number[]): number {
  const [m, n] = [before.length, now.length];
  let above = 0;
  for (const value of now) above += before.filter((other) => value > other).length;
  const counts = arrangements(m, n);
  const all = counts.reduce((sum, count) => sum + count, 0);
  return counts.slice(above).reduce((sum, count) => sum + count, 0) / all;
}

/** For each number of pairs in which the second is above: how many orders of m and n values have it. */
function arrangements(m: number, n: number): number[] {
  // By the recurrence over the largest value: it is one of n, above all m, or one of m.
  let row: number[][] = Array.from({ length: n + 1 }, () => [1]);
  for (let i = 1; i <= m; i++) {
    const next: number[][] = [[1]];
    for (let j = 1; j <= n; j++) {
      const [without, beside] = [next[j - 1] as number[], row[j] as number[]];
      next.push(Array.from({ length: i * j + 1 }, (_, u) => (without[u - i] ?? 0) + (beside[u] ?? 0)));
    }
    row = next;
  }
  return row[n] as number[];
}
