import columnsShader from "../../../shaders/convolution/conv2d_columns.wgsl";
import backwardShader from "../../../shaders/convolution/conv2d_columns_backward.wgsl";
import { grid } from "../../recording/launch.js";
import type { GradientTarget, Tape } from "../../recording/tape.js";
import type { Tensor } from "../../tensors/tensor.js";

/** Sizes of a convolution, by the names of its shaders' constants. */
export interface Geometry {
  readonly HEIGHT: number;
  readonly WIDTH: number;
  readonly KERNEL_HEIGHT: number;
  readonly KERNEL_WIDTH: number;
  readonly OUT_HEIGHT: number;
  readonly OUT_WIDTH: number;
  readonly STRIDE: number;
  readonly PADDING: number;
  readonly CIRCULAR: boolean;
}

/** Writes the columns of an image: x [N, I, H, W] → [N, I · h · w, H' · W']. */
export function writeColumns(tape: Tape, x: Tensor, columns: Tensor, geometry: Geometry): void {
  const [N = 0, INPUTS = 0] = x.shape;
  const { KERNEL_HEIGHT, OUT_HEIGHT, OUT_WIDTH } = geometry;
  tape.dispatch({
    shader: columnsShader,
    bindings: { x, out: columns },
    ...grid(tape, [OUT_HEIGHT * OUT_WIDTH, INPUTS * KERNEL_HEIGHT, N], { INPUTS, ...geometry }),
  });
}

/** Adds the gradient of the columns to that of the image [N, I, H, W], or writes it there. */
export function gatherColumns(
  tape: Tape,
  columns: Tensor,
  { tensor: dx, accumulate }: GradientTarget,
  geometry: Geometry,
): void {
  const [N = 0, INPUTS = 0] = dx.shape;
  tape.dispatch({
    shader: backwardShader,
    bindings: { columns, dx },
    ...grid(tape, [geometry.HEIGHT * geometry.WIDTH, N * INPUTS], { ...geometry, ACCUMULATE: accumulate }),
  });
}
