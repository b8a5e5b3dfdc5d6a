import shader from "../../../shaders/elementwise/cast.wgsl";
import { elementwiseVec4 } from "../../recording/launch.js";
import type { Tape } from "../../recording/tape.js";
import type { DType, Tensor } from "../../tensors/tensor.js";

/**
 * The same numbers stored as f32 or f16. f16 rounds to 11 bits and holds up to 65504. There is no gradient.
 */
export function cast(tape: Tape, x: Tensor, dtype: Extract<DType, "f32" | "f16">): Tensor {
  const y = tape.tensor(x.shape, x.label, dtype);
  tape.dispatch({
    shader,
    types: { X: x.dtype, Y: y.dtype },
    bindings: { x, y },
    ...elementwiseVec4(tape, y),
  });
  return y;
}
