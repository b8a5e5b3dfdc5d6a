import { median, medianError, type Summary, summarize } from "../report/statistics/statistics.js";

/** The samples of some measures that are taken together. */
export class Series {
  private readonly values: number[][];

  /** @param count of measures. */
  constructor(count: number) {
    this.values = Array.from({ length: count }, () => []);
  }

  /** Adds one sample; of several times of a measure, their median counts, since they are not independent. */
  add(sample: readonly (number | readonly number[])[]): void {
    sample.forEach((value, measure) => {
      this.values[measure]?.push(typeof value === "number" ? value : median(value));
    });
  }

  /** The relative error of the least certain median. */
  error(): number {
    return Math.max(...this.values.map(medianError));
  }

  /** Every time, of all measures. */
  get all(): readonly number[] {
    return this.values.flat();
  }

  summary(measure: number): Summary {
    return summarize(this.values[measure] ?? []);
  }
}
