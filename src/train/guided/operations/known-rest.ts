import { shapeError } from "../../../engine/ops/shape-error.js";
import { grid } from "../../../engine/recording/launch.js";
import type { Tape } from "../../../engine/recording/tape.js";
import type { Tensor } from "../../../engine/tensors/tensor.js";
import shader from "../../../shaders/guided-training/known_rest.wgsl";

/**
 * known − x for images x [M, h, w], zero in a rim of so many pixels; `known` gets no gradient.
 * @throws {ShapeError} if the sizes differ.
 */
export function knownRest(tape: Tape, known: Tensor, x: Tensor, rim: number): Tensor {
  const [M = 0, h = 0, w = 0] = x.shape;
  if (x.shape.length !== 3 || known.size !== x.size) {
    throw shapeError("knownRest", "images [M, h, w] of the same size", known, x);
  }
  const y = tape.tensor(x.shape, "rest");
  const sizes = { HEIGHT: h, WIDTH: w, RIM: rim };
  tape.dispatch({ shader, bindings: { known, x, y }, ...grid(tape, [h * w, M], sizes) });
  tape.differentiable([x], [y], () => {
    const dy = tape.gradient(y);
    const { tensor, accumulate } = tape.gradientTarget(x);
    tape.dispatch({
      shader,
      bindings: { known: dy, x: dy, y: tensor },
      ...grid(tape, [h * w, M], { ...sizes, KNOWN: false, ACCUMULATE: accumulate }),
    });
  });
  return y;
}
