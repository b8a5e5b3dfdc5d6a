/** Part of a round that is slept through; the rest is left for waking up in time. */
const SHARE = 0.9;

/** Rounds shorter than this, in milliseconds, are not worth a timer. */
const SHORTEST = 4;

/**
 * Sleeps through most of each round of a loop that waits for a GPU. Dawn for Node polls for as long as somebody waits,
 * and on a software device the polling takes a core from the device.
 */
export class Pace {
  private last = performance.now();

  /** Sleeps for most of the time that has passed since the last call. @param steady whether that was a whole round. */
  async sleep(steady: boolean): Promise<void> {
    const now = performance.now();
    const round = now - this.last;
    this.last = now;
    if (steady && round > SHORTEST) {
      await new Promise((resolve) => setTimeout(resolve, SHARE * round));
    }
  }
}
