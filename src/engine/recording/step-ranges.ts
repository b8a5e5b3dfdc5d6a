import { BindingError, StepRangeError } from "../errors.js";
import { assertSteps, StepCounter, type StepIndex } from "./step-counter.js";

/** How one run of a program uses a counter. */
interface CounterUse {
  /** Steps by which a run moves the counter on. */
  advances: number;
  /** Steps from which a run stays within all tables: the smallest number over them. */
  length: number;
  /** The table with the smallest number. */
  table?: string;
}

/** Keeps a program's runs within the tables and histories that its dispatches index by step counters. */
export class StepRanges {
  private readonly uses = new Map<StepCounter, CounterUse>();

  /**
   * Adds a table that a dispatch indexes, in the order of the dispatches.
   * @throws {BindingError} if it has no step counter.
   * @throws {StepRangeError} if its length is not a whole number.
   */
  index({ counter, steps, label }: StepIndex): void {
    const use = this.use(counter);
    assertSteps(steps, "A table's length");
    const length = steps - use.advances;
    if (length < use.length) Object.assign(use, { length, table: label });
  }

  /**
   * Adds a dispatch that moves a counter on by a step.
   * @throws {BindingError} if it is not a step counter.
   */
  advance(counter: StepCounter): void {
    this.use(counter).advances++;
  }

  /** Steps of a counter from which a run stays within all of the program's tables: 0, 1, …, length − 1. */
  length(counter: StepCounter): number {
    return this.use(counter).length;
  }

  /**
   * Takes the steps of some runs.
   * @throws {StepRangeError} if one of them would reach past the end of a table, or `runs` is not a whole
   *   number; the counters then stay.
   */
  take(runs: number): void {
    assertSteps(runs, "A number of runs");
    for (const [{ step }, { advances, length, table }] of this.uses) {
      const last = step + (runs - 1) * advances;
      if (runs > 0 && last >= length) {
        throw new StepRangeError(
          `The step counter would reach step ${last}, but "${table}" ends after ${length} steps: reset it, or record more steps.`,
        );
      }
    }
    for (const [counter, { advances }] of this.uses) counter.moved(runs * advances);
  }

  private use(counter: StepCounter): CounterUse {
    if (!(counter instanceof StepCounter)) {
      throw new BindingError("A dispatch indexes and advances by StepCounters only.");
    }
    const use = this.uses.get(counter) ?? { advances: 0, length: Infinity };
    this.uses.set(counter, use);
    return use;
  }
}
