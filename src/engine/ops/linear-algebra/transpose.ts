import shader from "../../../shaders/linear-algebra/transpose.wgsl";
import { elementwise } from "../../recording/launch.js";
import type { Tape } from "../../recording/tape.js";
import type { Tensor } from "../../tensors/tensor.js";

/**
 * Writes the transpose of a matrix beside it, for products: x [N, R, C] → [N, C, R]. There is no gradient.
 */
export function transpose(tape: Tape, x: Tensor): Tensor {
  const [N = 0, R = 0, C = 0] = x.shape;
  const out = tape.tensor([N, C, R], `${x.label} transposed`);
  tape.dispatch({
    shader,
    bindings: { x, out },
    ...elementwise(tape, out.size, { ROWS: R, COLUMNS: C, BATCH: N }),
  });
  tape.setTransposed(x, out);
  return out;
}
