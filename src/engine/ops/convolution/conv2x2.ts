import downsampleShader from "../../../shaders/convolution/downsample2x2.wgsl";
import backwardWeightShader from "../../../shaders/convolution/resample2x2_backward_weight.wgsl";
import upsampleShader from "../../../shaders/convolution/upsample2x2.wgsl";
import type { Shader } from "../../device/shader.js";
import { forwardOnly } from "../../recording/forward-only.js";
import { storedAs } from "../../recording/launch.js";
import type { Tape } from "../../recording/tape.js";
import type { DType, Tensor } from "../../tensors/tensor.js";
import { shapeError } from "../shape-error.js";

/** Channels per invocation, as in the shaders. */
const CHANNELS = 16;

/**
 * 2×2 convolution with stride 2: x [N, I, 2H, 2W], w [O, I, 2, 2] → [N, O, H, W].
 * @param out where to write the result, instead of a new tensor.
 * @throws {ShapeError} if the shapes do not fit, the image has an odd side, or image and weights are not
 *   stored alike.
 */
export function downsample2x2(tape: Tape, x: Tensor, w: Tensor, out?: Tensor): Tensor {
  const y = downsampled(tape, x, w, out);
  tape.differentiable([x, w], [y], () => {
    const dy = tape.gradient(y);
    if (tape.needs(x)) {
      const { tensor, accumulate } = tape.gradientTarget(x);
      upsample(tape, dy, w, tensor, accumulate);
    }
    weightGradient(tape, { small: dy, large: x, w });
  });
  return y;
}

/**
 * Transposed 2×2 convolution with stride 2: x [N, I, H, W], w [I, O, 2, 2] → [N, O, 2H, 2W].
 * @param out where to write the result, instead of a new tensor.
 * @throws {ShapeError} if the shapes do not fit, or image and weights are not stored alike.
 */
export function upsample2x2(tape: Tape, x: Tensor, w: Tensor, out?: Tensor): Tensor {
  const y = upsampled(tape, x, w, out);
  tape.differentiable([x, w], [y], () => {
    const dy = tape.gradient(y);
    if (tape.needs(x)) {
      const { tensor, accumulate } = tape.gradientTarget(x);
      downsample(tape, dy, w, tensor, accumulate);
    }
    weightGradient(tape, { small: x, large: dy, w });
  });
  return y;
}

/**
 * {@link downsample2x2} without its gradient.
 * @throws {ShapeError} as {@link downsample2x2} does.
 */
export function downsample2x2Forward(tape: Tape, x: Tensor, w: Tensor, out?: Tensor): Tensor {
  const y = downsampled(tape, x, w, out);
  forwardOnly(tape, "downsample2x2Forward", [x, w], [y]);
  return y;
}

/**
 * {@link upsample2x2} without its gradient.
 * @throws {ShapeError} as {@link upsample2x2} does.
 */
export function upsample2x2Forward(tape: Tape, x: Tensor, w: Tensor, out?: Tensor): Tensor {
  const y = upsampled(tape, x, w, out);
  forwardOnly(tape, "upsample2x2Forward", [x, w], [y]);
  return y;
}

function downsampled(tape: Tape, x: Tensor, w: Tensor, out?: Tensor): Tensor {
  const [N = 0, , H = 0, W = 0] = x.shape;
  const [O = 0, inputs] = w.shape;
  checkShapes("downsample2x2", x, w, inputs);
  if (H % 2 || W % 2) throw shapeError("downsample2x2", "an image with even sides", x);
  const y = result(tape, [N, O, H / 2, W / 2], x.dtype, out);
  downsample(tape, x, w, y, false);
  return y;
}

function upsampled(tape: Tape, x: Tensor, w: Tensor, out?: Tensor): Tensor {
  const [N = 0, , H = 0, W = 0] = x.shape;
  const [inputs, O = 0] = w.shape;
  checkShapes("upsample2x2", x, w, inputs);
  const y = result(tape, [N, O, 2 * H, 2 * W], x.dtype, out);
  upsample(tape, x, w, y, false);
  return y;
}

function checkShapes(name: string, x: Tensor, w: Tensor, inputs: number | undefined): void {
  const [, , height, width] = w.shape;
  if (x.shape.length !== 4 || w.shape.length !== 4 || height !== 2 || width !== 2 || inputs !== x.shape[1]) {
    throw shapeError(name, "an image [N, I, H, W] and 2×2 weights for its channels", x, w);
  }
}

function result(tape: Tape, shape: readonly number[], dtype: DType, out: Tensor | undefined): Tensor {
  const y = out ?? tape.tensor(shape, "conv2x2", dtype);
  if (y.shape.join() !== shape.join()) throw shapeError("A 2×2 convolution", `a result [${shape}]`, y);
  return y;
}

function downsample(tape: Tape, x: Tensor, w: Tensor, y: Tensor, accumulate: boolean): void {
  resample(tape, downsampleShader, x, w, y, accumulate, y);
}

function upsample(tape: Tape, x: Tensor, w: Tensor, y: Tensor, accumulate: boolean): void {
  resample(tape, upsampleShader, x, w, y, accumulate, x);
}

/** @param small the image that is half as high and wide: each invocation takes one of its pixels. */
function resample(
  tape: Tape,
  shader: Shader,
  x: Tensor,
  w: Tensor,
  y: Tensor,
  accumulate: boolean,
  small: Tensor,
): void {
  const [N = 0, , H = 0, W = 0] = small.shape;
  const [I, O] = [x.shape[1] as number, y.shape[1] as number];
  const { convolution } = tape.engine.tuning;
  tape.dispatch({
    shader,
    constants: { WORKGROUP: convolution },
    types: { Stored: storedAs(x, w, y) },
    bindings: { shape: tape.constant(Uint32Array.of(I, O, H, W, Number(accumulate)), "shape"), x, w, y },
    workgroups: [Math.ceil((H * W) / convolution), N * Math.ceil(O / CHANNELS)],
    multiplyAdds: 4 * N * I * O * H * W,
  });
}

/** The gradient of the weights [small channels, large channels, 2, 2], if the backward pass needs it. */
function weightGradient(tape: Tape, { small, large, w }: { small: Tensor; large: Tensor; w: Tensor }): void {
  if (!tape.needs(w)) return;
  const [N = 0, S = 0, H = 0, W = 0] = small.shape;
  const L = large.shape[1] as number;
  const { tensor, accumulate } = tape.gradientTarget(w);
  tape.dispatch({
    shader: backwardWeightShader,
    constants: { WORKGROUP: tape.engine.tuning.reduction },
    bindings: {
      shape: tape.constant(Uint32Array.of(N, S, L, H, W, Number(accumulate)), "shape"),
      small,
      large,
      dw: tensor,
    },
    workgroups: [L, Math.ceil(S / 4)],
    multiplyAdds: small.size * L * 4,
  });
}
