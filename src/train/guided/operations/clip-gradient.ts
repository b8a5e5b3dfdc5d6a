import type { Tape } from "../../../engine/recording/tape.js";
import type { Tensor } from "../../../engine/tensors/tensor.js";
import shader from "../../../shaders/guided-training/clip_gradient.wgsl";

/** Shortens a gradient in place to a length, if it is longer, as PyTorch's `clip_grad_norm_` does. */
export function clipGradient(tape: Tape, gradient: Tensor, limit: number): void {
  tape.dispatch({
    shader,
    constants: { COUNT: gradient.size, LIMIT: limit, WORKGROUP: tape.engine.tuning.reduction },
    bindings: { g: gradient },
    workgroups: [1],
  });
}
