/** Measures the time that goes into training alone, on from the time that was spent before. */
export class Clock {
  private spent = 0;
  private lapBegin: { readonly step: number; readonly spent: number };

  /**
   * @param secondsBefore spent by earlier processes of the run.
   * @param begin the step at which this process begins.
   */
  constructor(
    private readonly secondsBefore: number,
    private readonly begin: number,
  ) {
    this.lapBegin = { step: begin, spent: 0 };
  }

  /** Runs work that belongs to the training. */
  async time<T>(work: () => Promise<T>): Promise<T> {
    const from = performance.now();
    try {
      return await work();
    } finally {
      this.spent += performance.now() - from;
    }
  }

  /** How long a step takes, in words. */
  pace(step: number): string {
    return `${Math.round(this.spent / Math.max(1, step - this.begin))} ms a step`;
  }

  /** Time for a line of the log: seconds of the whole run, and milliseconds of a step since the last line. */
  lap(step: number): { seconds: number; millisecondsPerStep: number } {
    const milliseconds = (this.spent - this.lapBegin.spent) / (step - this.lapBegin.step);
    this.lapBegin = { step, spent: this.spent };
    return {
      seconds: Number((this.secondsBefore + this.spent / 1000).toFixed(3)),
      millisecondsPerStep: Number(milliseconds.toFixed(1)),
    };
  }
}
