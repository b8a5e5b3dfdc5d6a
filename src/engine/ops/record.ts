import advanceShader from "../../shaders/advance.wgsl";
import recallShader from "../../shaders/recall.wgsl";
import shader from "../../shaders/record.wgsl";
import type { StepCounter } from "../counter.js";
import { ShapeError } from "../errors.js";
import type { Tape } from "../tape.js";
import type { Tensor } from "../tensor.js";
import { elementwise } from "./launch.js";

/**
 * Copies values into this step's row of history [steps, values].
 * @throws {ShapeError} if a row has another size.
 */
export function record(tape: Tape, values: Tensor, counter: StepCounter, history: Tensor): void {
  checkRows(values, history);
  tape.dispatch({
    shader,
    bindings: { values, counter: counter.tensor, history },
    ...elementwise(tape, values.size, { COUNT: values.size }),
  });
}

/**
 * Copies this step's row of history [steps, values] back into values: the reverse of {@link record}.
 * @throws {ShapeError} if a row has another size.
 */
export function recall(tape: Tape, history: Tensor, counter: StepCounter, values: Tensor): void {
  checkRows(values, history);
  tape.dispatch({
    shader: recallShader,
    bindings: { history, counter: counter.tensor, values },
    ...elementwise(tape, values.size, { COUNT: values.size }),
  });
}

/** Moves the step counter on, or back; the last dispatch of a step. */
export function advance(tape: Tape, counter: StepCounter, by: 1 | -1 = 1): void {
  tape.dispatch({
    shader: advanceShader,
    constants: { BY: by >>> 0 },
    bindings: { counter: counter.tensor },
    workgroups: [1],
  });
}

function checkRows(values: Tensor, history: Tensor): void {
  if (history.size % values.size) {
    throw new ShapeError(`Rows of ${values.size} values do not fill a history of [${history.shape}].`);
  }
}
