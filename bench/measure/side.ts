import type { HarnessCalls } from "../harness/harness.js";
import type { BenchResult } from "../report/result/result.js";

/** A result that grows. */
export interface ResultStore {
  readonly result: BenchResult;
  /** Adds or replaces parts. */
  set(parts: Partial<BenchResult>): void;
}

/** A revision of the package that is measured, and where its times go. One side is the rule; `--ab` has two. */
export interface Side {
  readonly harness: HarnessCalls;
  readonly recorder: ResultStore;
}

/** Takes a sample of the control kernel for each side, and writes what has been measured so far. */
export async function endRound(sides: readonly Side[]): Promise<void> {
  for (const { harness, recorder } of sides) {
    const time = await harness.control();
    const { control = [] } = recorder.result;
    recorder.set({ control: [...control, time] });
  }
}
