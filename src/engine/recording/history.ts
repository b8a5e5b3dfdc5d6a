import advanceShader from "../../shaders/recording/advance.wgsl";
import shader from "../../shaders/recording/write_history_row.wgsl";
import { ShapeError } from "../errors.js";
import type { Tensor } from "../tensors/tensor.js";
import { grid } from "./launch.js";
import type { StepCounter } from "./step-counter.js";
import type { Tape } from "./tape.js";

/**
 * Copies values into this step's row of history [steps, values].
 * @throws {ShapeError} if the history is not made of rows of that size.
 */
export function writeHistoryRow(tape: Tape, values: Tensor, counter: StepCounter, history: Tensor): void {
  if (history.size % values.size) {
    throw new ShapeError(`Rows of ${values.size} values do not fill a history of [${history.shape}].`);
  }
  tape.dispatch({
    shader,
    bindings: { values, counter: counter.tensor, history },
    index: counter.rowOf(history, values.size),
    ...grid(tape, [values.size], { COUNT: values.size }),
  });
}

/** Moves the step counter on; the last dispatch of a step. */
export function advance(tape: Tape, counter: StepCounter): void {
  tape.dispatch({
    shader: advanceShader,
    bindings: { counter: counter.tensor },
    advances: counter,
    workgroups: [1],
  });
}
