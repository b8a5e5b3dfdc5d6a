import shader from "../../../shaders/rearrange/trim.wgsl";
import { forwardOnly } from "../../recording/forward-only.js";
import { grid } from "../../recording/launch.js";
import type { Tape } from "../../recording/tape.js";
import type { Tensor } from "../../tensors/tensor.js";
import { shapeError } from "../shape-error.js";

/**
 * The top left corner of an image: x [N, C, H, W] → [N, C, height, width].
 * @param out where to write the result, instead of a new tensor.
 * @throws {ShapeError} if the image is smaller than that.
 */
export function trim(
  tape: Tape,
  x: Tensor,
  [height, width]: readonly [number, number],
  out?: Tensor,
): Tensor {
  const y = corner(tape, x, [height, width], out);
  tape.differentiable([x], [y], () => {
    const { tensor, accumulate } = tape.gradientTarget(x);
    copyCorner(tape, tape.gradient(y), tensor, accumulate);
  });
  return y;
}

/**
 * {@link trim} without its gradient.
 * @throws {ShapeError} as {@link trim} does.
 */
export function trimForward(tape: Tape, x: Tensor, size: readonly [number, number], out?: Tensor): Tensor {
  const y = corner(tape, x, size, out);
  forwardOnly(tape, "trimForward", [x], [y]);
  return y;
}

function corner(tape: Tape, x: Tensor, [height, width]: readonly [number, number], out?: Tensor): Tensor {
  const [N = 0, C = 0, H = 0, W = 0] = x.shape;
  const shape = [N, C, height, width];
  const y = out ?? tape.tensor(shape, "trimmed");
  if (x.shape.length !== 4 || height > H || width > W || y.shape.join() !== shape.join()) {
    throw shapeError("trim", `[N, C, H, W] of at least ${height}×${width} pixels and a fitting result`, x, y);
  }
  copyCorner(tape, x, y, false);
  return y;
}

function copyCorner(tape: Tape, x: Tensor, y: Tensor, accumulate: boolean): void {
  const [N = 0, C = 0, H = 0, W = 0] = x.shape;
  const [, , height = 0, width = 0] = y.shape;
  tape.dispatch({
    shader,
    bindings: { sizes: tape.constant(Uint32Array.of(H, W, height, width), "sizes"), x, y },
    ...grid(tape, [height * width, N * C], { ACCUMULATE: accumulate }),
  });
}
