import type { Losses, Validation } from "./trainer.js";

/** A line of a run's log about a training step. */
export interface StepEntry {
  readonly step: number;
  /** For each evaluation of the step. */
  readonly losses: readonly Losses[];
  /** Time spent on training so far. */
  readonly seconds: number;
  readonly millisecondsPerStep: number;
  readonly multiplyAddsPerStep: number;
}

/** A line of a run's log about a validation. */
export interface ValidationEntry {
  readonly step: number;
  readonly validation: Validation;
}

export type LogEntry = StepEntry | ValidationEntry;
