/** Part of a round that is slept through; the rest is left for waking up in time. */
const SHARE = 0.85;

/** Rounds shorter than this, in milliseconds, are not worth a timer. */
const SHORTEST = 4;

/** A wait shorter than this part of the sleep before it says that the device had finished already. */
const OVERSLEPT = 0.01;

/**
 * Sleeps through most of each round of a loop that waits for a GPU. Dawn for Node polls for as long as somebody waits,
 * and on a software device the polling takes a core from the device.
 *
 * A round: {@link sleep}, then work on the CPU, then {@link wait}.
 */
export class Pace {
  private began = performance.now();
  private woke = this.began;
  /** Milliseconds that the CPU worked in this round, between sleep and wait. */
  private worked = 0;
  /** Length of the round before, in milliseconds; there is none yet. */
  private before = 0;

  /** Waits for the device, or for something that it gives. */
  async wait<T>(device: Promise<T>): Promise<T> {
    this.worked = performance.now() - this.woke;
    return await device;
  }

  /** Sleeps for most of the time that the device needs, less that of the work to come. */
  async sleep(): Promise<void> {
    const now = performance.now();
    const slept = this.woke - this.began;
    const waited = now - this.woke - this.worked;
    // A sleep that was too long must not be taken for the time that the device needs.
    const round = waited < OVERSLEPT * slept ? slept / 4 + this.worked : now - this.began;
    // The shorter of two rounds: the first one also compiles, for seconds.
    const duration = SHARE * Math.min(round, this.before) - this.worked;
    this.before = round;
    this.began = now;
    if (duration > SHARE * SHORTEST) await new Promise((resolve) => setTimeout(resolve, duration));
    this.woke = performance.now();
  }
}
