import foldShader from "../../../shaders/convolution/fold.wgsl";
import unfoldShader from "../../../shaders/convolution/unfold.wgsl";
import { elementwise, grid } from "../../recording/launch.js";
import type { Tape } from "../../recording/tape.js";
import { roundUp, type Tensor } from "../../tensors/tensor.js";
import { shapeError } from "../shape-error.js";

/**
 * The columns of a valid convolution (im2col), which turn it into a matrix product: x [N, C, H, W] →
 * [N, T, (H − size + 1) · (W − size + 1)] with T = C · size² rounded up to a multiple of four; rows past the
 * last tap are zero. The gradient adds the columns back where they were read.
 * @throws {ShapeError} if the image is smaller than the window.
 */
export function unfold(tape: Tape, x: Tensor, size: number): Tensor {
  const [N = 0, C = 0, H = 0, W = 0] = x.shape;
  if (x.shape.length !== 4 || H < size || W < size) {
    throw shapeError("unfold", `[N, C, H, W] of at least ${size}×${size} pixels`, x);
  }
  const taps = roundUp(C * size * size, 4);
  const out = tape.tensor([N, taps, (H - size + 1) * (W - size + 1)], "columns");
  const constants = { CHANNELS: C, HEIGHT: H, WIDTH: W, SIZE: size, TAPS: taps };
  tape.dispatch({
    shader: unfoldShader,
    bindings: { x, out },
    ...grid(tape, [out.shape[2] as number, C * size, N], constants),
  });
  tape.differentiable([x], [out], () => {
    const { tensor, accumulate } = tape.gradientTarget(x);
    tape.dispatch({
      shader: foldShader,
      bindings: { columns: tape.gradient(out), dx: tensor },
      ...elementwise(tape, x.size, { ...constants, BATCH: N, ACCUMULATE: accumulate }),
    });
  });
  return out;
}
