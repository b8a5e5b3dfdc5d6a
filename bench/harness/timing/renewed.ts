/** A recording that holds a number of steps, made anew when they are used up. */
export class Renewed<T extends { dispose(): void }> {
  private recording: T | undefined;
  private left = 0;

  /** @param record records as many steps as it is told. */
  constructor(
    private readonly steps: number,
    private readonly record: (steps: number) => Promise<T>,
  ) {}

  /** Makes sure that the next `times` steps are there. Not to be timed. */
  async provide(times: number): Promise<void> {
    if (this.recording && times <= this.left) return;
    this.dispose();
    const steps = Math.max(this.steps, times);
    this.recording = await this.record(steps);
    this.left = steps;
  }

  /** The recording, for `times` steps, which were provided. */
  take(times: number): T {
    if (!this.recording || times > this.left) throw new Error(`${times} steps were not provided.`);
    this.left -= times;
    return this.recording;
  }

  dispose(): void {
    this.recording?.dispose();
    this.recording = undefined;
  }
}
