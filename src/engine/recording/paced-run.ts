import { abortable } from "../abortable.js";
import type { Engine } from "../device/engine.js";
import type { Program } from "./program.js";

/** How long a submission should take, in milliseconds: progress looks steady, and little is left to do after an abort. */
const LONGEST = 100;
const SHORTEST = LONGEST / 4;

/** Options of {@link PacedRun.run}. */
export interface PacedRunOptions {
  /** Stops the run within a moment; `run` then rejects with the signal's reason. */
  readonly signal?: AbortSignal;
  /** Called with the number of dispatches that are complete. */
  readonly onDone?: (dispatches: number) => void;
}

/**
 * Runs programs in submissions of about a tenth of a second. It learns from each how many dispatches that is, so the runs that
 * follow begin at the device's pace.
 */
export class PacedRun {
  /** Dispatches in a submission. */
  private size = 4;

  constructor(private readonly engine: Engine) {}

  /**
   * Runs programs one after another and waits for the last. While a submission runs the next one waits behind it, so that the
   * device is never without work.
   * @throws {StepRangeError} if a run would reach past the last step of a program's tables and histories.
   * @throws {EngineError} what the device reported meanwhile; the signal's reason if it is aborted.
   */
  async run(programs: readonly Program[], { signal, onDone }: PacedRunOptions = {}): Promise<void> {
    signal?.throwIfAborted();
    let done = 0;
    let previous: { readonly count: number; readonly end: Promise<void> } | undefined;
    let began = performance.now();
    const finishPrevious = async (): Promise<void> => {
      if (!previous) return;
      await abortable(previous.end, signal);
      const now = performance.now();
      this.learn(previous.count, now - began);
      began = now;
      done += previous.count;
      onDone?.(done);
      // A listener may have aborted.
      signal?.throwIfAborted();
    };
    for (const program of programs) {
      const { length } = program.dispatches;
      for (let first = 0; first < length; ) {
        const count = Math.min(this.size, length - first);
        program.submit(first, count);
        first += count;
        const end = this.engine.synchronize();
        // A failure is thrown where it is awaited; an abort may come before that.
        end.catch(() => {});
        await finishPrevious();
        previous = { count, end };
      }
    }
    await finishPrevious();
  }

  private learn(count: number, milliseconds: number): void {
    if (milliseconds > LONGEST) this.size = Math.max(1, Math.floor(Math.min(this.size, count) / 2));
    else if (milliseconds < SHORTEST && count === this.size) this.size *= 2;
  }
}
