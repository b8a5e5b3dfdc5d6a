import type { Engine } from "../device/engine.js";
import { DISPOSE } from "../disposal.js";
import { StepRangeError } from "../errors.js";
import type { Tensor } from "../tensors/tensor.js";

/** @throws {StepRangeError} if a value is not a whole number from 0 up that a shader can count to. */
export function assertSteps(value: number, what: string): void {
  if (value >>> 0 === value) return;
  throw new StepRangeError(`${what} is a whole number from 0 up; got ${value}.`);
}

/** A table or history with a row for each step; a dispatch uses the row of the counter's step. */
export interface StepIndex {
  readonly counter: StepCounter;
  /** Steps that the table holds. */
  readonly steps: number;
  /** Name of the table, for the message about a step that it lacks. */
  readonly label: string;
}

/**
 * The step and the seed, as the GPU reads them. What varies by step
 * (the place of a patch, the noise, a learning rate) is looked up there, so that a replayed program needs
 * nothing from the CPU.
 */
export class StepCounter {
  /** [step, seed] of u32. Programs advance it: set it only by {@link reset}. */
  readonly tensor: Tensor;
  private current = 0;

  constructor(private readonly engine: Engine) {
    this.tensor = engine.tensor([2], { dtype: "u32", label: "counter" });
  }

  /** The step that the next submitted run begins with. */
  get step(): number {
    return this.current;
  }

  /**
   * Goes to a step, in the order of the submissions.
   * @param seed is taken as an unsigned 32-bit integer.
   * @param step default: the first, 0.
   * @throws {StepRangeError} if the step is not a whole number from 0 up.
   */
  reset(seed: number, step = 0): void {
    assertSteps(step, "A step");
    this.engine.write(this.tensor, Uint32Array.of(step, seed >>> 0));
    this.current = step;
  }

  /**
   * Says that a dispatch looks up the row of this step; see `DispatchRequest.index`.
   * @param rowSize elements of the table that one step takes.
   */
  rowOf(table: Tensor, rowSize = 1): StepIndex {
    return { counter: this, steps: Math.floor(table.size / rowSize), label: table.label };
  }

  /** Notes that submitted runs have moved the counter on. */
  moved(steps: number): void {
    this.current += steps;
  }

  /** Frees the counter's memory. */
  dispose(): void {
    this.engine.free(this.tensor);
  }

  [DISPOSE](): void {
    this.dispose();
  }
}
