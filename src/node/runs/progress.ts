/** Shows how far a part of a run has come. */
export interface RunProgress {
  /**
   * @param done how much is done.
   * @param pace how long one takes, in words.
   */
  update(done: number, pace?: string): void;
  /** Reports an event that deserves a line even without a terminal. */
  reached(text: string): void;
  /** Removes the display; must be called in the end. */
  stop(): void;
}

/** Shows a person what a run does. */
export interface RunDisplay {
  /**
   * @param from how much was done before.
   * @param unit such as "steps".
   */
  open(total: number, from: number, unit: string): Promise<RunProgress>;
  /** Says something worth a line. */
  say(text: string): void;
}
