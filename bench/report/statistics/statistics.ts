/** A summary of samples, in the unit of the measure. */
export interface Summary {
  readonly median: number;
  readonly p10: number;
  readonly p90: number;
  readonly samples: number;
  /** The samples themselves, in the order in which they were taken. */
  readonly values: readonly number[];
}

/** The q-quantile, linearly interpolated between the two nearest values. */
export function quantile(values: readonly number[], q: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  const at = q * (sorted.length - 1);
  const [low, high] = [sorted[Math.floor(at)], sorted[Math.ceil(at)]];
  if (low === undefined || high === undefined) return Number.NaN;
  return low + (at - Math.floor(at)) * (high - low);
}

export function median(values: readonly number[]): number {
  return quantile(values, 0.5);
}

export function summarize(values: readonly number[]): Summary {
  return {
    median: median(values),
    p10: quantile(values, 0.1),
    p90: quantile(values, 0.9),
    samples: values.length,
    values: [...values],
  };
}

/** Chance that the median lies outside of its interval, on either side. */
const OUTSIDE = 0.025;

/**
 * Half the width of the 95 % interval of the median, as a part of the median. The interval goes from one sample to another
 * (their ranks are binomial), whatever the distribution. Infinite for fewer than six samples, which have none.
 */
export function medianError(values: readonly number[]): number {
  const n = values.length;
  const sorted = [...values].sort((a, b) => a - b);
  // The chance that at most `rank` of n samples lie below the median.
  let term = 0.5 ** n;
  let below = term;
  let rank = -1;
  while (below <= OUTSIDE && n > 0) {
    rank++;
    term *= (n - rank) / (rank + 1);
    below += term;
  }
  const [low, high] = [sorted[rank], sorted[n - 1 - rank]];
  return low === undefined || high === undefined
    ? Number.POSITIVE_INFINITY
    : (high - low) / 2 / median(values);
}
